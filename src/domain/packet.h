// One immutable piece of encoded audio. Encoded once, shared by every listener, never changed.
#pragma once

#include "domain/audio_time.h"
#include "domain/track.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tutti {

struct Packet {
  std::vector<std::uint8_t> bytes;  // whole codec frames; a decoder may start with any packet
  ServerTime at;                    // when its first sample is on air
  Duration duration{0};
  // The title to show from this packet on. All packets of one track share one string.
  std::shared_ptr<const std::string> title;
};

using PacketPtr = std::shared_ptr<const Packet>;

// How a station's audio is encoded for its listeners. Several may run side by side for one station.
struct Encoding {
  enum class Codec { mp3 };
  Codec codec = Codec::mp3;
  int rate = 44100;  // Hz
  int channels = 2;
  int bitrate = 128'000;  // bit/s, constant

  friend auto operator<=>(const Encoding&, const Encoding&) = default;
};

}  // namespace tutti
