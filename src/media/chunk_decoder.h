// Packets of a stream for players in sync back to samples: the counterpart of ChunkEncoder, for any server's.
#pragma once

#include "base/result.h"
#include "domain/encoding.h"

#include <cstdint>
#include <memory>
#include <span>

namespace tutti::media {

class ChunkDecoder {
 public:
  // `header`: what the server says a decoder must know, see codec_header(); empty where it says nothing.
  // Error: such a stream cannot be decoded. Opus: 48 kHz only, 1 or 2 channels.
  static Result<std::unique_ptr<ChunkDecoder>> open(const Encoding& encoding,
                                                    std::span<const std::uint8_t> header);
  virtual ~ChunkDecoder() = default;

  // One packet's frames, interleaved, as many channels as the encoding has; valid until the next call. Error:
  // it is damaged, or of another shape than the encoding. What follows may be whole again.
  virtual Result<std::span<const float>> decode(std::span<const std::uint8_t> packet) = 0;
  // The next packet does not follow the last one.
  virtual void restart() = 0;
};

}  // namespace tutti::media
