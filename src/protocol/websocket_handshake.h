// The opening handshake, the server's side: RFC 6455, section 4.2. Extensions (permessage-deflate) are
// declined by not answering them.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace tutti::protocol {

// What of a request matters. Headers that came more than once are joined by commas; "" where there was none.
struct UpgradeRequest {
  bool is_get = false;
  bool is_http_1_1 = false;     // or later
  std::string_view connection;  // Connection
  std::string_view upgrade;     // Upgrade
  std::string_view version;     // Sec-WebSocket-Version
  std::string_view key;         // Sec-WebSocket-Key
};

struct UpgradeRefusal {
  unsigned status;  // 400; 426 for a version other than 13
  std::string reason;
};

// True for a request that wants to become a WebSocket, properly or not; false for a plain one.
bool asks_for_websocket(const UpgradeRequest& request);

// The value of Sec-WebSocket-Accept. Called where asks_for_websocket().
tl::expected<std::string, UpgradeRefusal> accept_upgrade(const UpgradeRequest& request);

}  // namespace tutti::protocol
