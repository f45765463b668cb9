#include "net/web_socket_upgrade.h"

#include "base/utf8.h"
#include "protocol/web_origin.h"
#include "protocol/websocket_handshake.h"

#include <boost/beast/http/field.hpp>
#include <fmt/format.h>

namespace tutti::net {
namespace {

// A header that came on several lines is one list (RFC 9110, 5.3).
std::string joined(const HttpRequest& request, http::field name) {
  std::string out;
  const auto [begin, end] = request.equal_range(name);
  for (auto line = begin; line != end; ++line) {
    if (!out.empty()) out += ", ";
    out += line->value();
  }
  return out;
}

tl::unexpected<Reply> refuse(http::status status, std::string message) {
  Reply reply = error_reply(status, std::move(message));
  if (status == http::status::upgrade_required) {
    reply.headers.emplace_back("Upgrade", "websocket");
    reply.headers.emplace_back("Sec-WebSocket-Version", "13");
  }
  return tl::make_unexpected(std::move(reply));
}

}  // namespace

tl::expected<std::string, Reply> check_upgrade(const HttpRequest& request, const std::string& path,
                                               const WebSocketMount& mount,
                                               const std::vector<std::string>& allowed_origins) {
  const std::string connection = joined(request, http::field::connection);
  const std::string upgrade = joined(request, http::field::upgrade);
  const std::string version = joined(request, http::field::sec_websocket_version);
  const std::string key = joined(request, http::field::sec_websocket_key);
  const protocol::UpgradeRequest asked{
      request.method() == http::verb::get, request.version() >= 11, connection, upgrade, version, key};
  const bool reads = asked.is_get || request.method() == http::verb::head;
  if (!reads) {
    auto refused =
        error_reply(http::status::method_not_allowed, path + " is a WebSocket: ask for it with GET");
    refused.headers.emplace_back("Allow", "GET, HEAD, OPTIONS");
    return tl::make_unexpected(std::move(refused));
  }
  if (!protocol::asks_for_websocket(asked)) {
    return refuse(mount.plain_status, fmt::format("{} is a WebSocket: connect to ws://{}{}", path,
                                                  to_valid_utf8(request[http::field::host]), path));
  }
  const std::string_view origin = request[http::field::origin];
  if (mount.checks_origin &&
      !protocol::is_allowed_origin(origin, request[http::field::host], allowed_origins)) {
    return refuse(http::status::forbidden,
                  fmt::format("pages of {} may not use this; the option --allow-origin lets them",
                              to_valid_utf8(origin)));
  }
  const auto accept = protocol::accept_upgrade(asked);
  if (!accept) return refuse(http::int_to_status(accept.error().status), accept.error().reason);
  return fmt::format(
      "HTTP/1.1 101 Switching Protocols\r\n"
      "Upgrade: websocket\r\n"
      "Connection: Upgrade\r\n"
      "Sec-WebSocket-Accept: {}\r\n\r\n",
      *accept);
}

}  // namespace tutti::net
