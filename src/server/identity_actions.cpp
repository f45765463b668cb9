// What `tutti user` and `tutti token` do.
#include "app/lifetimes.h"
#include "base/utf8.h"
#include "server/identity_commands.h"
#include "server/password_prompt.h"
#include "server/refuse.h"
#include "server/state_dir.h"
#include "storage/identity_database.h"

#include <ctime>
#include <iostream>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace tutti::server {
namespace {

WallTime today() {
  return {std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())};
}

std::string text_of(WallTime date) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(date.since_unix_epoch).count();
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(static_cast<std::time_t>(seconds)));
}

// Opens the database and does `work(store)`, which answers the exit code.
template <class Work>
int with_store(const IdentityArguments& arguments, Work work) {
  const auto path = StateDir::find(arguments.state_dir);
  const auto store = path.and_then([](const std::string& folder) {
    return storage::IdentityDatabase::open(StateDir::database_in(folder));
  });
  if (!store) return refuse(store.error(), kImpossible);
  const Result<int> done = work(**store);
  return done ? *done : refuse(done.error(), kImpossible);
}

Result<std::string> hash_new_password(const std::string& user) {
  return read_new_password(user).and_then(
      [](const std::string& password) { return hash_password(password); });
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ",")); }

}  // namespace

int add_user(const IdentityArguments& arguments) {
  if (auto fine = app::check_user_name(arguments.user); !fine) return refuse(fine.error(), kSenseless);
  return with_store(arguments, [&](app::IdentityStore& store) -> Result<int> {
    // Before anybody types a password in vain.
    const auto existing = store.find_user(arguments.user);
    if (!existing) return tl::make_unexpected(existing.error());
    if (*existing)
      return fail("there is a user '" + arguments.user +
                  "' already (tutti user passwd changes the password)");
    const auto hash = hash_new_password(arguments.user);
    if (!hash) return tl::make_unexpected(hash.error());
    const auto added = store.add_user({arguments.user, app::known_roles(arguments.roles), *hash, today()});
    if (!added) return tl::make_unexpected(added.error());
    if (!*added) return fail("there is a user '" + arguments.user + "' already");
    std::cout << "Added " << arguments.user << " (" << joined(app::known_roles(arguments.roles).names())
              << ")\n";
    return 0;
  });
}

int list_users(const IdentityArguments& arguments) {
  return with_store(arguments, [](app::IdentityStore& store) -> Result<int> {
    const auto users = store.users();
    if (!users) return tl::make_unexpected(users.error());
    for (const auto& user : *users) {
      std::cout << fmt::format("{:<24} {:<36} since {}{}\n", user.name, joined(user.roles.names()),
                               text_of(user.created),
                               user.password_hash.empty() ? ", without a password" : "");
    }
    return 0;
  });
}

int remove_user(const IdentityArguments& arguments) {
  return with_store(arguments, [&](app::IdentityStore& store) -> Result<int> {
    const auto removed = store.remove_user(arguments.user);
    if (!removed) return tl::make_unexpected(removed.error());
    if (!*removed) return fail("there is no user '" + to_valid_utf8(arguments.user) + "'");
    std::cout << "Removed " << arguments.user << "\n";
    return 0;
  });
}

int change_password(const IdentityArguments& arguments) {
  return with_store(arguments, [&](app::IdentityStore& store) -> Result<int> {
    const auto existing = store.find_user(arguments.user);
    if (!existing) return tl::make_unexpected(existing.error());
    if (!*existing) return fail("there is no user '" + to_valid_utf8(arguments.user) + "'");
    const auto hash = hash_new_password(arguments.user);
    if (!hash) return tl::make_unexpected(hash.error());
    const auto changed = store.set_password(arguments.user, *hash);
    if (!changed) return tl::make_unexpected(changed.error());
    std::cout << "Changed the password of " << arguments.user << "; sign in again everywhere\n";
    return 0;
  });
}

int create_token(const IdentityArguments& arguments) {
  const auto lifetime = parse_lifetime(arguments.expires);
  if (!lifetime) return refuse(lifetime.error(), kSenseless);
  return with_store(arguments, [&](app::IdentityStore& store) -> Result<int> {
    const auto user = store.find_user(arguments.user);
    if (!user) return tl::make_unexpected(user.error());
    if (!*user)
      return fail("there is no user '" + to_valid_utf8(arguments.user) + "' (tutti user add makes one)");
    const std::string secret = std::string(app::kTokenPrefix) + random_secret();
    app::Token token{0, digest_of(secret), arguments.user, to_valid_utf8(arguments.token_name), today(), {}};
    if (*lifetime) token.expires = WallTime{token.created.since_unix_epoch + **lifetime};
    const auto id = store.add_token(token);
    if (!id) return tl::make_unexpected(id.error());
    std::cerr << fmt::format("Token {} of {}, {}. It is shown this once:\n", *id, arguments.user,
                             token.expires ? "until " + text_of(*token.expires) : "for ever");
    std::cout << secret << "\n";
    return 0;
  });
}

int list_tokens(const IdentityArguments& arguments) {
  return with_store(arguments, [](app::IdentityStore& store) -> Result<int> {
    const auto tokens = store.tokens();
    if (!tokens) return tl::make_unexpected(tokens.error());
    for (const auto& token : *tokens) {
      const bool is_over = token.expires && *token.expires <= today();
      std::cout << fmt::format("{:>4}  {:<24} {:<24} since {}, {}{}\n", token.id, token.user, token.name,
                               text_of(token.created), is_over ? "expired " : "until ",
                               token.expires ? text_of(*token.expires) : "revoked");
    }
    return 0;
  });
}

int revoke_token(const IdentityArguments& arguments) {
  return with_store(arguments, [&](app::IdentityStore& store) -> Result<int> {
    const auto removed = store.remove_token(arguments.token_id);
    if (!removed) return tl::make_unexpected(removed.error());
    if (!*removed) return fail(fmt::format("there is no token {} (tutti token list)", arguments.token_id));
    std::cout << "Revoked token " << arguments.token_id << "\n";
    return 0;
  });
}

}  // namespace tutti::server
