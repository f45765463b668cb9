// Sound between its samples: what a band-limited signal is at any fraction of a frame. For rates that differ
// by less than a percent, so that nothing has to be filtered away. Real time: no memory is taken after the
// constructor.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace tutti::player {

// A windowed sinc (Kaiser), tabulated and interpolated between its entries. At whole frames the samples pass
// as they are.
class Interpolator {
 public:
  // Frames that are looked at before and after the one that a position lies in or at.
  static constexpr std::size_t kBefore = 23, kAfter = 24;
  static constexpr std::size_t kTaps = kBefore + 1 + kAfter;

  Interpolator();

  // `frames`: kTaps interleaved ones of `out.size()` channels, the position lies `fraction` (0 to 1) of a
  // frame after the one at kBefore.
  void at(double fraction, const float* frames, std::span<float> out) const;

 private:
  static constexpr std::size_t kPhases = 512;

  std::vector<float> table_;  // kPhases + 1 rows of kTaps
};

}  // namespace tutti::player
