// The binary messages of Sendspin v1, all from server to client: a type, when their content is heard or seen,
// and the content. Source: see sendspin_types.h.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "protocol/sendspin_types.h"

#include <array>
#include <cstdint>
#include <span>

namespace tutti::protocol::sendspin {

inline constexpr std::size_t kBinaryHeaderBytes = 9;

// What a message is about. Others exist in later generations: they are to be passed over.
struct BinaryKind {
  Role role = Role::player;  // player, artwork or visualizer
  int channel = 0;           // of artwork, 0 to 3
  friend bool operator==(const BinaryKind&, const BinaryKind&) = default;
};

struct BinaryMessage {
  std::optional<BinaryKind> kind;         // nullopt: a type that this version does not know
  ServerTime at;                          // of the first sample, of the image, of the picture of the sound
  std::span<const std::uint8_t> content;  // of the message parsed; empty artwork: nothing is shown
};

std::array<std::uint8_t, kBinaryHeaderBytes> binary_header(BinaryKind kind, ServerTime at);

// Error: shorter than a header.
Result<BinaryMessage> parse_binary(std::span<const std::uint8_t> message);

}  // namespace tutti::protocol::sendspin
