#include "server/identity_commands.h"

#include "app/identity.h"

#include <charconv>

#include <CLI/CLI.hpp>

namespace tutti::server {

Result<std::optional<std::chrono::minutes>> parse_lifetime(const std::string& text) {
  constexpr std::int64_t kDay = 24 * 60;
  if (text == "never") return std::nullopt;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const std::int64_t minutes = unit == "d" ? kDay : unit == "h" ? 60 : unit == "m" ? 1 : 0;
  if (error != std::errc() || minutes == 0 || count <= 0 || count > 36'500 * kDay / minutes) {
    return fail("--expires is a time such as 30d, 12h or 15m, or 'never'; not '" + text + "'");
  }
  return std::chrono::minutes(count * minutes);
}

CLI::App* IdentityCommands::add(CLI::App& parent, const std::string& name, const std::string& description,
                                Command command) {
  auto* out = parent.add_subcommand(name, description);
  out->add_option("--state-dir", arguments_.state_dir, "The server's, as with tutti serve")
      ->envname("TUTTI_STATE_DIR")
      ->type_name("FOLDER");
  out->callback(
      [this, command = std::move(command)] { chosen_ = [this, command] { return command(arguments_); }; });
  return out;
}

void IdentityCommands::add_user_commands(CLI::App& app) {
  auto* user = app.add_subcommand("user", "Who may sign in, and as what");
  user->require_subcommand(1);
  const auto name = [this](CLI::App* command) {
    command->add_option("name", arguments_.user, "The user's name")->type_name("NAME")->required();
  };
  auto* add_one = add(*user, "add", "A new user; the password is asked for, or read from stdin", add_user);
  name(add_one);
  add_one
      ->add_option("--role", arguments_.roles,
                   "listener, conductor, source or operator; several may be given")
      ->type_name("ROLE")
      ->delimiter(',')
      ->required()
      ->check(CLI::IsMember({"listener", "conductor", "source", "operator"}));
  add(*user, "list", "All users with their roles", list_users);
  name(add(*user, "remove", "Removes a user, with all sessions and tokens", remove_user));
  name(add(*user, "passwd", "A new password; ends the user's sessions", change_password));
}

void IdentityCommands::add_token_commands(CLI::App& app) {
  auto* token = app.add_subcommand("token", "What programs sign in with");
  token->require_subcommand(1);
  auto* create = add(*token, "create", "A new token, printed once; it may what its user may", create_token);
  create->add_option("--user", arguments_.user, "Whose it is")->type_name("NAME")->required();
  create->add_option("--expires", arguments_.expires, "30d, 12h, 15m or never")
      ->type_name("TIME")
      ->capture_default_str();
  create->add_option("--name", arguments_.token_name, "What it is for, to know it again")->type_name("TEXT");
  add(*token, "list", "All tokens, without their secrets", list_tokens);
  auto* revoke = add(*token, "revoke", "Ends a token at once", revoke_token);
  revoke->add_option("id", arguments_.token_id, "Its number in the list")->type_name("ID")->required();
}

void IdentityCommands::add_to(CLI::App& app) {
  add_user_commands(app);
  add_token_commands(app);
}

int IdentityCommands::run() const { return chosen_(); }

}  // namespace tutti::server
