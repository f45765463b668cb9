// The address of a WebSocket, as a user types it.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace tutti::protocol {

struct WebSocketUrl {
  bool is_tls = false;
  std::string host;    // a name or an address; IPv6 without brackets
  std::string port;    // 80 or 443 where none is given
  std::string target;  // path and query, percent-encoded, begins with '/'
  std::string path;    // decoded

  // For the Host header and for people: `host:port`, IPv6 in brackets; the port left out where it is the
  // scheme's.
  std::string authority() const;
};

// ws:// and wss:// (RFC 6455, 3); http:// and https:// are taken as these. Error: anything else, a missing
// host, credentials or a fragment in it.
Result<WebSocketUrl> parse_websocket_url(std::string_view text);

}  // namespace tutti::protocol
