// One file as an asset of a walk: MP3 of constant frames that stand for themselves, so that a page finds any
// place by arithmetic. Not thread-safe; used by one job at a time, some seconds of audio per step.
#pragma once

#include "base/result.h"
#include "media/decoder.h"
#include "media/loudness_picture.h"
#include "media/mp3_encoder.h"
#include "media/resampler.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace tutti::media {

class AssetEncoder {
 public:
  static constexpr int kRate = 48'000, kChannels = 2, kBitrate = 128'000;
  static constexpr Frames kFrame = 1152;  // samples of one MP3 frame
  static constexpr std::int64_t kFrameBytes = 384;
  static constexpr Frames kDelay = 1105;  // decoded samples before the source's first: LAME's and a decoder's

  using Output = std::function<Result<void>(std::span<const std::uint8_t> frame)>;

  // Samples at kRate of a source of so many frames.
  static Frames length(Frames frames, int rate) { return rescale(frames, rate, kRate); }
  // Bytes of an asset of so many samples: all of them, and one frame that the last ones overlap with.
  static std::int64_t bytes(Frames length);

  // `length`: in samples at kRate; a source that is shorter is filled with silence, one that is longer is
  // cut.
  static Result<AssetEncoder> open(const std::string& path, Frames length);

  // The next ten seconds. True while there is more. Error: the source cannot be decoded, or what `out` says.
  Result<bool> step(const Output& out);

  // How loud it is where, of what was encoded so far.
  const LoudnessPicture& picture() const { return picture_; }

 private:
  AssetEncoder(Decoder decoder, Resampler resampler, Mp3Encoder encoder, Frames length);

  Result<void> fill();
  Result<void> feed(std::span<const float> pcm, const Output& out);

  Decoder decoder_;
  Resampler resampler_;
  Mp3Encoder encoder_;
  LoudnessPicture picture_;
  Frames length_;
  std::int64_t left_;  // bytes
  Frames fed_ = 0;
  bool is_decoded_ = false;
  std::vector<float> pcm_;
};

}  // namespace tutti::media
