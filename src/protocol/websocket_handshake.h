// The opening handshake: RFC 6455, section 4.2, the server's side, and 4.1, the client's. Extensions
// (permessage-deflate) are declined by not answering them, and not asked for.
#pragma once

#include "base/result.h"

#include <array>
#include <cstdint>
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

// --- the client's side

using HandshakeNonce = std::array<std::uint8_t, 16>;  // random

// The value of Sec-WebSocket-Key.
std::string key_of(const HandshakeNonce& nonce);

// What of an answer matters; headers as in UpgradeRequest.
struct UpgradeAnswer {
  unsigned status = 0;
  std::string_view connection;
  std::string_view upgrade;
  std::string_view accept;      // Sec-WebSocket-Accept
  std::string_view extensions;  // Sec-WebSocket-Extensions
};

// Error: the peer does not speak WebSocket, or not what it was asked for; in words for a log.
Result<void> check_answer(const UpgradeAnswer& answer, std::string_view key);

}  // namespace tutti::protocol
