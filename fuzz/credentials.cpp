// The headers by which people say who they are, and the answer of a server that decides about them.
#include "protocol/credentials.h"

#include "fuzz/require.h"
#include "protocol/auth_exchange.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti::protocol;
  using Kind = tutti::Credentials::Kind;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto credentials = parse_authorization(text);
  REQUIRE(credentials.kind != Kind::session);
  if (credentials.kind == Kind::bearer) REQUIRE(!credentials.secret.empty() && credentials.name.empty());
  if (credentials.kind == Kind::password) REQUIRE(credentials.name.find(':') == std::string::npos);
  if (credentials.kind == Kind::none || credentials.kind == Kind::unreadable)
    REQUIRE(credentials.secret.empty());
  if (credentials.kind == Kind::password || credentials.kind == Kind::bearer) {
    REQUIRE(!auth_question(credentials, "::1").empty());
  }
  if (const auto cookie = find_cookie(text, kSessionCookie)) {
    REQUIRE(!cookie->empty() && cookie->find(';') == std::string::npos);
  }
  if (const auto answer = parse_auth_answer(text))
    REQUIRE(!answer->user.empty() && answer->roles.size() <= 32);
  if (const auto url = parse_auth_url(text)) REQUIRE(!url->host.empty() && url->target.front() == '/');
  return 0;
}
