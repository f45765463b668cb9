#include "net/playlist_reply.h"

#include "protocol/playlist_file.h"
#include "protocol/route.h"

#include <algorithm>

#include <boost/beast/http/field.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace tutti::net {
namespace {

// The address under which the client reached us. Only what a host and port are made of is repeated.
std::string origin(const HttpRequest& request, bool is_secure) {
  const std::string_view host = request[http::field::host];
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == ':' || c == '[' ||
           c == ']';
  };
  const bool sane = !host.empty() && host.size() <= 255 && std::ranges::all_of(host, allowed);
  return sane ? (is_secure ? "https://" : "http://") + std::string(host) : "";
}

}  // namespace

std::optional<Reply> answer_playlist(const Routes& routes, const HttpRequest& request,
                                     const protocol::RequestTarget& target, bool is_secure) {
  const std::string& path = target.path;
  const bool is_m3u = path.ends_with(".m3u");
  if (!is_m3u && !path.ends_with(".pls")) return std::nullopt;
  std::string name = path.substr(0, path.size() - 4);
  if (name == "/stream" && !routes.empty()) name = routes.begin()->first;
  const auto route = protocol::normalise_route(name);
  if (!route || !routes.contains(*route)) return std::nullopt;
  // A browser shows the page at the station's own address, but a playlist is for players: any address of the
  // audio does.
  const std::string_view token = target.parameter("token");
  std::string url = origin(request, is_secure) + (*route == "/" ? "/stream" : protocol::url_of_route(*route));
  if (!token.empty()) url += "?token=" + boost::urls::encode(token, boost::urls::unreserved_chars);
  const std::string title = *route == "/" ? "Tutti" : "Tutti - " + route->substr(1);
  Reply reply;
  reply.content_type = is_m3u ? "audio/x-mpegurl; charset=utf-8" : "audio/x-scpls; charset=utf-8";
  reply.body = is_m3u ? protocol::m3u_file(title, url) : protocol::pls_file(title, url);
  reply.headers = {{"Access-Control-Allow-Origin", "*"},
                   {"Cache-Control", token.empty() ? "no-cache" : "no-store"}};
  return reply;
}

}  // namespace tutti::net
