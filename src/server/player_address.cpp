#include "server/player_address.h"

#include "protocol/websocket_url.h"

#include <algorithm>

namespace tutti::server {
namespace {

constexpr std::size_t kLongestPath = 1024;
constexpr unsigned short kUsualPort = 8928;  // recommended by Sendspin

// Whether the text itself names a port, as against the scheme's being taken for it.
bool names_port(const protocol::WebSocketUrl& url, const std::string& text) {
  const auto authority = text.substr(text.find("://") + 3);
  const auto end = std::min(authority.find('/'), authority.size());
  return authority.substr(0, end).ends_with(":" + url.port);
}

}  // namespace

Result<app::PlayerAddress> parse_player_address(const std::string& text) {
  const auto url = protocol::parse_websocket_url(text);
  if (!url) return tl::make_unexpected(url.error());
  if (url->is_tls)
    return fail("'" + text + "': players are connected to without TLS; give ws://host:port/path");
  app::PlayerAddress out;
  out.host = url->host;
  out.port = names_port(*url, text) ? static_cast<unsigned short>(std::stoi(url->port)) : kUsualPort;
  out.path = url->target == "/" ? "/sendspin" : url->target;
  out.is_here = true;  // whoever writes the option knows
  if (!is_player_path(out.path)) return fail("'" + text + "': the path is too long");
  return out;
}

bool is_player_path(std::string_view path) {
  const auto is_plain = [](char c) { return c > ' ' && c < '\x7f'; };
  return path.starts_with('/') && path.size() <= kLongestPath && std::ranges::all_of(path, is_plain);
}

}  // namespace tutti::server
