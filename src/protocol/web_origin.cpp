#include "protocol/web_origin.h"

#include "protocol/ascii.h"

#include <algorithm>

namespace tutti::protocol {
namespace {

// Without the port where it is the scheme's own.
std::string_view without_port(std::string_view authority, std::string_view port) {
  if (authority.ends_with(port)) authority.remove_suffix(port.size());
  return authority;
}

struct Parts {
  std::string_view scheme, authority;
  std::string_view own_port() const { return same_word(scheme, "https") ? ":443" : ":80"; }
};

Parts split(std::string_view origin) {
  const std::size_t at = origin.find("://");
  if (at == origin.npos) return {};
  return {origin.substr(0, at), origin.substr(at + 3)};
}

}  // namespace

bool is_allowed_origin(std::string_view origin, std::string_view host,
                       const std::vector<std::string>& allowed) {
  if (origin.empty()) return true;
  const Parts page = split(origin);
  const std::string_view port = page.own_port();
  if (!page.authority.empty() && same_word(without_port(page.authority, port), without_port(host, port)))
    return true;
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& each) {
    const Parts listed = split(each);
    return each == "*" ||
           (!listed.authority.empty() && same_word(listed.scheme, page.scheme) &&
            same_word(without_port(listed.authority, port), without_port(page.authority, port)));
  });
}

bool is_origin(std::string_view text) {
  if (text == "*") return true;
  const Parts parts = split(text);
  return (same_word(parts.scheme, "http") || same_word(parts.scheme, "https")) && !parts.authority.empty() &&
         parts.authority.find_first_of("/?#@, ") == std::string_view::npos;
}

}  // namespace tutti::protocol
