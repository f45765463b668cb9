#include "server/identity.h"

#include "base/log.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

namespace tutti::server {
namespace {

// Each look-up is a fraction of a millisecond; so many are waiting only when the disk has stopped.
constexpr std::size_t kMostLookUps = 20'000;
// Of 64 MiB and some 70 ms of a core each, so that a crowd of guesses takes neither memory nor music.
constexpr std::size_t kMostHashings = 64;
unsigned hashing_threads() { return std::clamp(std::thread::hardware_concurrency() / 2, 1u, 4u); }

}  // namespace

Result<Identity::Plan> Identity::plan(const ServeOptions& options) {
  Plan out;
  if (!options.jwt_key.empty()) {
    std::ifstream file(options.jwt_key, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad()) return fail("--jwt-key: cannot read the file " + options.jwt_key);
    auto verifier = protocol::JwtVerifier::from_key(text);
    if (!verifier) return fail("--jwt-key " + options.jwt_key + ": " + verifier.error().message);
    out.tokens = std::move(*verifier);
  }
  if (!options.auth_url.empty()) {
    auto url = protocol::parse_auth_url(options.auth_url);
    if (!url) return fail("--auth-url: " + url.error().message);
    out.outside = std::move(*url);
  }
  return out;
}

app::Verdict Identity::JwtTokens::verify(const std::string& token, WallTime date) const {
  const auto claims = verifier_.verify(token, date);
  if (!claims || !app::check_user_name(claims->subject)) {
    log::debug("a JWT was refused: {}", claims ? "its 'sub' is no user's name" : claims.error().message);
    return app::Verdict::wrong();
  }
  return app::Verdict::known({claims->subject, app::known_roles(claims->roles)});
}

Identity::Identity(Plan plan, std::unique_ptr<storage::IdentityDatabase> store,
                   boost::asio::any_io_executor control)
    : store_(std::move(store)),
      tokens_(plan.tokens ? std::make_unique<JwtTokens>(std::move(*plan.tokens)) : nullptr),
      client_(plan.outside ? std::make_unique<net::AuthClient>(control, std::move(*plan.outside)) : nullptr),
      outside_(client_ ? std::make_unique<app::OutsideCache>(*client_) : nullptr),
      storage_("identity", 1, kMostLookUps, control),
      hashing_("hashing", hashing_threads(), kMostHashings, control),
      passwords_(*store_, storage_, hashing_, outside_.get()),
      auth_(*store_, storage_, passwords_, tokens_.get(), outside_.get()),
      sign_in_(*store_, storage_, hashing_, passwords_) {
  nobodys_hash();  // made once, and not while somebody waits
}

Result<std::optional<std::string>> Identity::first_link(ServerTime now) {
  if (tokens_ || client_) return std::nullopt;
  const auto has_operator = store_->has_operator();
  if (!has_operator) return tl::make_unexpected(has_operator.error());
  if (*has_operator) return std::nullopt;
  return sign_in_.make_link(now);
}

void Identity::stop() {
  if (client_) client_->stop();
  storage_.stop();
  hashing_.stop();
}

}  // namespace tutti::server
