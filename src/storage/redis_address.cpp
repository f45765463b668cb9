#include "storage/redis_address.h"

#include <charconv>
#include <optional>

namespace tutti::storage {
namespace {

std::optional<int> number(std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned value = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const char* digits = text.data() + i + 1;
    const auto [end, error] = std::from_chars(digits, digits + 2, value, 16);
    if (error != std::errc() || end != digits + 2) return std::nullopt;
    out += static_cast<char>(value);
    i += 2;
  }
  return out;
}

}  // namespace

std::string RedisAddress::shown() const {
  return host + ":" + std::to_string(port) + "/" + std::to_string(database);
}

Result<RedisAddress> parse_redis_address(std::string_view url) {
  const auto wrong = [](std::string_view what) {
    return fail("--store: " + std::string(what) + "; expected redis://[user:password@]host[:port][/db]");
  };
  constexpr std::string_view kScheme = "redis://";
  if (!url.starts_with(kScheme)) return wrong("not a redis:// address");
  url.remove_prefix(kScheme.size());
  RedisAddress address;
  if (const auto at = url.rfind('@'); at != url.npos) {
    const std::string_view login = url.substr(0, at);
    const auto colon = login.find(':');
    if (colon == login.npos) return wrong("the password is missing (user:password@)");
    const auto user = decoded(login.substr(0, colon)), password = decoded(login.substr(colon + 1));
    if (!user || !password) return wrong("a '%' in user or password is not followed by two hex digits");
    address.user = *user;
    address.password = *password;
    url.remove_prefix(at + 1);
  }
  if (const auto slash = url.find('/'); slash != url.npos) {
    const auto database = slash + 1 == url.size() ? 0 : number(url.substr(slash + 1), 0, 65535);
    if (!database) return wrong("the database is not a number");
    address.database = *database;
    url = url.substr(0, slash);
  }
  if (url.starts_with('[')) {
    const auto end = url.find(']');
    if (end == url.npos) return wrong("']' is missing");
    address.host = url.substr(1, end - 1);
    url.remove_prefix(end + 1);
  } else {
    address.host = url.substr(0, url.find(':'));
    url.remove_prefix(address.host.size());
  }
  if (address.host.empty()) return wrong("the host is missing");
  if (!url.empty()) {
    const auto port = url.starts_with(':') ? number(url.substr(1), 1, 65535) : std::nullopt;
    if (!port) return wrong("the port is not a number from 1 to 65535");
    address.port = *port;
  }
  return address;
}

}  // namespace tutti::storage
