// One immutable piece of encoded audio. Encoded once, shared by every listener, never changed.
#pragma once

#include "domain/audio_time.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tutti {

struct Packet {
  std::vector<std::uint8_t> bytes;  // whole codec frames; a decoder may start with any packet
  ServerTime at;                    // when its first sample is on air
  Duration duration{0};
  // The title to show from this packet on. All packets of one track share one string; null where the encoding
  // carries none.
  std::shared_ptr<const std::string> title;
  Frames frames = 0;  // how many it decodes to, at its encoding's rate
};

using PacketPtr = std::shared_ptr<const Packet>;

}  // namespace tutti
