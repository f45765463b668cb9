#include "protocol/credentials.h"

#include "base/base64.h"
#include "protocol/ascii.h"

#include <algorithm>

namespace tutti::protocol {
namespace {

constexpr std::size_t kLongestCookie = 256;

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

Credentials unreadable() { return {Credentials::Kind::unreadable, {}, {}}; }

Credentials parse_basic(std::string_view text) {
  const auto pair = from_base64(text);
  if (!pair) return unreadable();
  const auto colon = pair->find(':');
  if (colon == std::string::npos) return unreadable();
  return {Credentials::Kind::password, pair->substr(0, colon), pair->substr(colon + 1)};
}

}  // namespace

Credentials parse_authorization(std::string_view header) {
  header = trimmed(header);
  if (header.empty()) return {};
  const auto space = header.find(' ');
  if (space == std::string_view::npos || header.size() > kLongestToken) return unreadable();
  const std::string_view scheme = header.substr(0, space);
  const std::string_view value = trimmed(header.substr(space));
  if (same_word(scheme, "bearer") && is_printable(value)) {
    return {Credentials::Kind::bearer, {}, std::string(value)};
  }
  return same_word(scheme, "basic") ? parse_basic(value) : unreadable();
}

std::optional<std::string> find_cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const auto end = std::min(header.find(';'), header.size());
    const std::string_view pair = trimmed(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    const std::string_view value = pair.substr(equals + 1);
    if (value.empty() || value.size() > kLongestCookie) return std::nullopt;
    return std::string(value);
  }
  return std::nullopt;
}

std::string session_cookie(std::string_view value, std::chrono::seconds lifetime, bool is_secure) {
  std::string out(kSessionCookie);
  out.append("=").append(value).append("; Path=/; Max-Age=").append(std::to_string(lifetime.count()));
  out += "; HttpOnly; SameSite=Lax";
  if (is_secure) out += "; Secure";
  return out;
}

}  // namespace tutti::protocol
