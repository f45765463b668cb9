// What is played, as samples: those that arrive as they are, or those of a file that is decoded while it
// arrives.
#pragma once

#include "base/result.h"
#include "base/spool.h"
#include "player/sample_format.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace tutti::player {

// One run of sound that the network brings.
struct Stream {
  std::optional<PcmFormat> format;  // of samples; none: the bytes are an audio file
  std::shared_ptr<Spool> bytes;
};

class Source {
 public:
  virtual ~Source() = default;

  virtual PcmFormat format() const = 0;
  // Whole frames, written to the beginning of `out`; returns their bytes. 0: nothing has come for some tenths
  // of a second; ask again. nullopt: this is the end. Error: it cannot be decoded.
  virtual Result<std::optional<std::size_t>> read(std::span<std::uint8_t> out) = 0;
};

// `decoded`: how the samples of a file are to be written. Waits until enough of a file is there to know what
// it is. Error: it is no audio file that can be decoded.
Result<std::unique_ptr<Source>> open_source(const Stream& stream, SampleFormat decoded);

}  // namespace tutti::player
