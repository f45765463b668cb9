#include "protocol/route.h"

#include "base/utf8.h"

#include <algorithm>
#include <array>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/pchars.hpp>

namespace tutti::protocol {
namespace {

// What answers today, and the paths that the other protocols have in their documents.
constexpr std::array<std::string_view, 34> kReserved = {"api",
                                                        "assets",
                                                        "audio",
                                                        "clear-history",
                                                        "conduct",
                                                        "cues",
                                                        "direct-stream",
                                                        "favicon.ico",
                                                        "favicon.svg",
                                                        "healthz",
                                                        "login",
                                                        "logout",
                                                        "metrics",
                                                        "next-track",
                                                        "now-playing",
                                                        "pcm",
                                                        "play",
                                                        "playback-time",
                                                        "player",
                                                        "prev-track",
                                                        "readyz",
                                                        "reload-playlist",
                                                        "sendspin",
                                                        "set-shuffle",
                                                        "shuffle-playlist",
                                                        "status",
                                                        "status-page",
                                                        "stream",
                                                        "streams",
                                                        "sw.js",
                                                        "walk",
                                                        "web",
                                                        "manifest.json",
                                                        "robots.txt"};

}  // namespace

Result<std::string> normalise_route(std::string_view text) {
  if (to_valid_utf8(text) != text) return fail("a route is UTF-8 text without control characters");
  if (text.find_first_of("?#%\\") != std::string_view::npos) {
    return fail("a route must not contain '?', '#', '%' or '\\': '" + std::string(text) + "'");
  }
  std::string route;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('/', at), text.size());
    const std::string_view part = text.substr(at, end - at);
    if (part == "." || part == "..") return fail("a route must not contain '.' or '..' as a part");
    if (!part.empty()) route.append("/").append(part);
    at = end + 1;
  }
  if (route.size() > 200) return fail("a route is at most 200 bytes long");
  return route.empty() ? "/" : route;
}

bool is_reserved_route(std::string_view route) {
  if (route.starts_with('/')) route.remove_prefix(1);
  const std::string_view first = route.substr(0, route.find('/'));
  return std::ranges::find(kReserved, first) != kReserved.end() || first.ends_with(".m3u") ||
         first.ends_with(".pls");
}

std::string url_of_route(std::string_view route) {
  return boost::urls::encode(route, boost::urls::pchars + '/');
}

}  // namespace tutti::protocol
