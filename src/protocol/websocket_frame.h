// Frames from the server, as they go over the wire: header and payload in one immutable piece of memory that
// is built once and shared by all connections it goes to. RFC 6455, section 5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace tutti::protocol {

struct Frame {
  std::vector<std::uint8_t> bytes;  // header included; unmasked, as a server's frames are
};
using FramePtr = std::shared_ptr<const Frame>;

// One whole message each. `text` is UTF-8.
FramePtr text_frame(std::string_view text);
FramePtr binary_frame(std::span<const std::uint8_t> payload);
// One of two parts.
FramePtr binary_frame(std::span<const std::uint8_t> head, std::span<const std::uint8_t> rest);

// A piece of a binary message (5.4): what is long goes out in pieces, so that it need not lie in memory
// whole, and a ping finds its way between them.
FramePtr binary_fragment(std::span<const std::uint8_t> payload, bool is_first, bool is_last);

// What of `payload` is beyond 125 bytes is cut off: no control frame is longer (5.5).
FramePtr ping_frame(std::string_view payload);
FramePtr pong_frame(std::string_view payload);

// Codes of RFC 6455, 7.4.1, and of IANA's registry, that a server sends.
enum CloseCode : std::uint16_t {
  kCloseNormal = 1000,
  kCloseGoingAway = 1001,
  kCloseProtocolError = 1002,
  kCloseUnsupported = 1003,
  kCloseNoCode = 1005,  // never sent: the peer's close frame had no code
  kCloseLost = 1006,    // never sent: the connection ended without a close frame
  kCloseNotUtf8 = 1007,
  kClosePolicy = 1008,
  kCloseTooBig = 1009,
  kCloseInternal = 1011,
  kCloseTryLater = 1013,
};

// A reason longer than 123 bytes is cut where a character ends.
FramePtr close_frame(std::uint16_t code, std::string_view reason);

}  // namespace tutti::protocol
