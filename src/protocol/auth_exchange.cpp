#include "protocol/auth_exchange.h"

#include "base/utf8.h"
#include "protocol/small_json.h"

#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace tutti::protocol {

namespace json = boost::json;

std::string auth_question(const Credentials& credentials, std::string_view address) {
  json::object out;
  if (credentials.kind == Credentials::Kind::password) {
    out["kind"] = "password";
    out["name"] = to_valid_utf8(credentials.name);
    out["password"] = to_valid_utf8(credentials.secret);
  } else {
    out["kind"] = "bearer";
    out["token"] = to_valid_utf8(credentials.secret);
  }
  out["address"] = address;
  return json::serialize(out);
}

Result<AuthAnswer> parse_auth_answer(std::string_view body) {
  const auto object = parse_small_object(body);
  if (!object) return fail("the answer is no JSON object");
  auto user = text_in(*object, "user");
  if (!user || user->empty()) return fail("the answer names no 'user'");
  AuthAnswer out{std::move(*user), {}};
  if (const json::value* roles = object->if_contains("roles")) {
    auto names = strings_in(*roles);
    if (!names) return fail("the answer's 'roles' are not a list of words");
    out.roles = std::move(*names);
  }
  return out;
}

Result<AuthUrl> parse_auth_url(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || parsed->scheme() != "http" || parsed->host().empty()) {
    return fail("it is of the form http://host:port/path");
  }
  if (parsed->has_userinfo() || parsed->has_fragment()) return fail("it has no user and no #fragment");
  AuthUrl out;
  out.host = parsed->host_type() == boost::urls::host_type::ipv6 ? std::string(parsed->host_address())
                                                                 : std::string(parsed->host());
  out.port = parsed->has_port() && !parsed->port().empty() ? std::string(parsed->port()) : "80";
  out.authority = std::string(parsed->encoded_host_and_port());
  out.target = std::string(parsed->encoded_resource());
  if (!out.target.starts_with('/')) out.target.insert(0, "/");
  return out;
}

}  // namespace tutti::protocol
