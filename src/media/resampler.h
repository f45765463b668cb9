// Interleaved float of any rate and channel count to others. Output frame n lies exactly at input time
// n·from/to. One channel is heard from both speakers of a stereo pair at full level; what has more channels
// than wanted is mixed down, what has fewer leaves the rest silent. At equal rates and channels the samples
// pass unchanged.
#pragma once

#include "base/result.h"
#include "domain/audio_time.h"
#include "media/sample_converter.h"

#include <optional>
#include <span>
#include <vector>

namespace tutti::media {

struct PcmShape {
  int rate = 0;
  int channels = 0;

  friend bool operator==(const PcmShape&, const PcmShape&) = default;
};

class Resampler {
 public:
  static Result<Resampler> open(PcmShape from, PcmShape to);

  PcmShape from() const { return from_; }
  Result<void> push(std::span<const float> pcm);
  // No more input follows: what the filter held back comes out.
  Result<void> finish();
  // Frames ready to be taken.
  Frames ready() const;
  // Takes up to out.size()/channels frames; returns how many.
  Frames take(std::span<float> out);
  void discard(Frames count);

 private:
  Resampler(PcmShape from, PcmShape to) : from_(from), to_(to) {}
  Result<void> convert(const float* pcm, std::size_t frames);

  PcmShape from_, to_;
  std::optional<SampleConverter> converter_;
  std::vector<float> mono_;   // resampled, before it is doubled
  std::vector<float> ready_;  // from `taken_` on
  std::size_t taken_ = 0;
};

}  // namespace tutti::media
