// What a WebSocket's peer sends. The first byte of the input says into pieces of what size the rest is cut,
// on which what comes of it must not depend, and whether the peer is a client or a server.
#include "protocol/websocket_reader.h"

#include "base/utf8.h"
#include "fuzz/require.h"
#include "protocol/websocket_frame.h"

#include <algorithm>
#include <string>
#include <vector>

namespace {

using tutti::protocol::WebSocketEvent;
using Peer = tutti::protocol::WebSocketReader::Peer;

constexpr std::size_t kMostMessage = 300;

struct Seen {
  WebSocketEvent::Kind kind;
  std::string payload;
  std::uint16_t code;
  bool operator==(const Seen&) const = default;
};

void check(const WebSocketEvent& event) {
  using Kind = WebSocketEvent::Kind;
  const bool is_message = event.kind == Kind::text || event.kind == Kind::binary;
  REQUIRE(event.payload.size() <= (is_message ? kMostMessage : 125));
  if (event.kind == Kind::text || event.kind == Kind::close || event.kind == Kind::violation) {
    REQUIRE(tutti::is_valid_utf8(event.payload));
  }
  // What a violation or a peer's close is answered with is a proper frame.
  if (event.kind == Kind::violation) REQUIRE(!event.payload.empty());
  if (event.kind == Kind::close || event.kind == Kind::violation) {
    REQUIRE(event.code >= 1000 && event.code < 5000);
    REQUIRE(tutti::protocol::close_frame(event.code, event.payload)->bytes.size() <= 127);
  }
}

std::vector<Seen> read(const std::uint8_t* data, std::size_t size, std::size_t piece, Peer peer) {
  tutti::protocol::WebSocketReader reader(kMostMessage, peer);
  std::vector<Seen> out;
  bool is_over = false;
  for (std::size_t at = 0; at < size; at += piece) {
    // In memory of its own, so that a look beyond it is found out.
    const std::vector<std::uint8_t> bytes(data + at, data + std::min(size, at + piece));
    reader.feed(bytes);
    while (const auto event = reader.next()) {
      REQUIRE(!is_over);
      check(*event);
      is_over = event->kind == WebSocketEvent::Kind::close || event->kind == WebSocketEvent::Kind::violation;
      out.push_back({event->kind, std::string(event->payload), event->code});
    }
    REQUIRE(reader.frames() <= (at + piece) / 2);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0] % 64;
  const Peer peer = data[0] < 128 ? Peer::client : Peer::server;
  REQUIRE(read(data + 1, size - 1, piece, peer) == read(data + 1, size - 1, 8192, peer));
  return 0;
}
