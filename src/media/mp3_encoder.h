// LAME, through FFmpeg: constant bit rate, no bit reservoir, so that a listener may begin with any frame.
#pragma once

#include "base/result.h"
#include "domain/encoding.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace tutti::media {

class Mp3Encoder {
 public:
  // One MP3 frame. `first` is the input frame that its first decoded sample corresponds to: the codec's delay
  // is already taken off, so the first call gives a negative one. Always 1152 frames long (MPEG-1 rates).
  using Output = std::function<void(Frames first, std::span<const std::uint8_t> bytes)>;

  static Result<Mp3Encoder> open(const Encoding& encoding);
  Mp3Encoder(Mp3Encoder&&) noexcept;
  Mp3Encoder& operator=(Mp3Encoder&&) noexcept;
  ~Mp3Encoder();

  // Interleaved float, any number of frames. Values beyond ±1 are clipped.
  Result<void> encode(std::span<const float> pcm, const Output& out);

 private:
  struct State;
  explicit Mp3Encoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tutti::media
