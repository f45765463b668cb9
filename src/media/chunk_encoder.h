// Chunks of PCM to packets for players in sync: one packet per chunk of chunk_frames(encoding), each of which
// a decoder can begin with.
#pragma once

#include "base/result.h"
#include "domain/encoding.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace tutti::media {

class ChunkEncoder {
 public:
  using Bytes = std::vector<std::uint8_t>;

  // `encoding` as player_encoding() gives it.
  static Result<std::unique_ptr<ChunkEncoder>> open(const Encoding& encoding);
  virtual ~ChunkEncoder() = default;

  // One chunk of interleaved float in, its packet out. Beyond ±1 it is clipped.
  virtual Result<Bytes> encode(std::span<const float> chunk) = 0;
  // By how many frames what a packet decodes to lies before the chunk that it was made of.
  virtual Frames lookahead() const { return 0; }
  // How many chunks the encoder must have had before its packets are those of a stream that began long ago.
  virtual int warm_up() const { return 0; }
};

}  // namespace tutti::media
