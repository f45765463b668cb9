// What a waveform is drawn from: how loud a sound is, point by point. Made while it is encoded. Pure; not
// thread-safe.
#pragma once

#include "domain/audio_time.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tutti::media {

class LoudnessPicture {
 public:
  static constexpr Frames kFinest = 2304;  // samples of a point: two MP3 frames, 48 ms
  static constexpr Frames kMostPoints = 1 << 18;
  static constexpr std::size_t kPointBytes = 2;

  // Samples of each point of a sound of so many: kFinest, doubled until kMostPoints are enough.
  static Frames step(Frames length);
  // Bytes of the picture.
  static std::size_t size(Frames length);

  // `length`: in samples; > 0.
  LoudnessPicture(Frames length, int channels);

  // Interleaved, whole samples of all channels. What is beyond the length is passed over.
  void add(std::span<const float> pcm);

  // For each point two bytes, the peak and the root of the mean square over all channels, each as 255 times
  // the square root of the amplitude (1.0: full scale), so that what is quiet is seen. What was not added is
  // 0.
  std::vector<std::uint8_t> points() const;

 private:
  void finish_point();

  Frames step_, length_;
  std::size_t channels_;
  Frames done_ = 0;
  float peak_ = 0;
  double squares_ = 0;
  std::vector<std::uint8_t> points_;
};

}  // namespace tutti::media
