#include "protocol/credentials.h"

#include "base/base64.h"

#include <algorithm>
#include <cctype>

namespace tutti::protocol {
namespace {

constexpr std::size_t kLongestToken = 8 * 1024;
constexpr std::size_t kLongestCookie = 256;

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_scheme(std::string_view text, std::string_view name) {
  return std::equal(text.begin(), text.end(), name.begin(), name.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  });
}

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
  header = trim(header);
  if (header.empty()) return {};
  const auto space = header.find(' ');
  if (space == std::string_view::npos || header.size() > kLongestToken) return unreadable();
  const std::string_view scheme = header.substr(0, space);
  const std::string_view value = trim(header.substr(space));
  if (is_scheme(scheme, "bearer") && is_printable(value)) {
    return {Credentials::Kind::bearer, {}, std::string(value)};
  }
  return is_scheme(scheme, "basic") ? parse_basic(value) : unreadable();
}

std::optional<std::string> find_cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const auto end = std::min(header.find(';'), header.size());
    const std::string_view pair = trim(header.substr(0, end));
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
