#include "net/stream_request.h"

#include "protocol/icy.h"
#include "protocol/route.h"

#include <algorithm>

#include <boost/beast/http/field.hpp>
#include <fmt/format.h>

namespace tutti::net {
namespace {

bool is_key(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return text.size() >= 16 && text.size() <= 64 && std::ranges::all_of(text, allowed);
}

}  // namespace

std::optional<StreamRequest> match_stream(const Routes& routes, const HttpRequest& request,
                                          const protocol::RequestTarget& target) {
  auto route = protocol::normalise_route(target.path);
  if (!route) return std::nullopt;
  auto found = routes.find(*route);
  if (target.path == "/stream" || target.path == "/direct-stream") {
    route = protocol::normalise_route(target.parameter("route"));
    if (!route) return std::nullopt;
    found = routes.find(*route);
    // Without a station at "/", the first one is the default.
    if (found == routes.end() && target.parameter("route").empty()) found = routes.begin();
  }
  if (found == routes.end()) return std::nullopt;
  StreamRequest out{found->first, found->second, request["Icy-MetaData"] == "1", ""};
  if (is_key(target.parameter("listener"))) out.key = target.parameter("listener");
  return out;
}

bool wants_page(const HttpRequest& request) {
  const std::string_view destination = request["Sec-Fetch-Dest"];
  if (!destination.empty()) return destination == "document" || destination == "iframe";
  return request[http::field::accept].find("text/html") != std::string_view::npos;
}

std::string stream_head(const StreamRequest& request, int bitrate, bool head_only) {
  std::string head = fmt::format(
      "HTTP/1.1 200 OK\r\n"
      "Content-Type: audio/mpeg\r\n"
      "icy-name: Audio Stream Server - {0}\r\n"
      "icy-description: Audio stream from {0}\r\n"
      "icy-genre: Various\r\n"
      "icy-br: {1}\r\n"
      "icy-pub: 0\r\n"
      "Cache-Control: no-cache, no-store, must-revalidate\r\n"
      "Pragma: no-cache\r\n"
      "Expires: 0\r\n"
      "X-Content-Type-Options: nosniff\r\n"
      "Access-Control-Allow-Origin: *\r\n"
      "Access-Control-Expose-Headers: icy-metaint, icy-name, icy-br\r\n"
      "Vary: Accept, Sec-Fetch-Dest\r\n",
      request.route, bitrate / 1000);
  if (request.wants_titles) head += fmt::format("icy-metaint: {}\r\n", protocol::kIcyInterval);
  head += head_only ? "\r\n" : "Connection: close\r\n\r\n";
  return head;
}

}  // namespace tutti::net
