// Audio time is counted in frames (one sample of every channel) and converted once. Sums are made of frames,
// never of rounded microseconds: at 44.1 kHz those drift by 1.6 s an hour.
#pragma once

#include "base/time.h"

#include <cstdint>

namespace tutti {

// A count of frames at the sample rate named beside it.
using Frames = std::int64_t;

// Whole frames that fit in `d` at `rate` Hz, rounded down (also below zero). Exact for any `d` and rate up to
// 768 kHz.
constexpr Frames frames_in(Duration d, int rate) {
  constexpr std::int64_t kMicros = 1'000'000;
  std::int64_t seconds = d.count() / kMicros;
  std::int64_t rest = d.count() % kMicros;
  if (rest < 0) {
    rest += kMicros;
    --seconds;
  }
  return seconds * rate + rest * rate / kMicros;
}

// The first microsecond in which frame `n` has begun: frames_in(duration_of(n, rate), rate) == n.
constexpr Duration duration_of(Frames n, int rate) {
  constexpr std::int64_t kMicros = 1'000'000;
  std::int64_t seconds = n / rate;
  std::int64_t rest = n % rate;
  if (rest < 0) {
    rest += rate;
    --seconds;
  }
  return Duration{seconds * kMicros + (rest * kMicros + rate - 1) / rate};
}

// `n` frames at `from` Hz, counted at `to` Hz: the nearest whole number.
constexpr Frames rescale(Frames n, int from, int to) {
  if (from == to) return n;
  const std::int64_t seconds = n / from;
  const std::int64_t rest = n % from;
  return seconds * to + (rest * to + from / 2) / from;
}

// Frames that are on air at moments: frame 0 at `epoch`, which may lie before the server's start.
struct FrameClock {
  ServerTime epoch;
  int rate = 0;  // Hz

  ServerTime time_of(Frames frame) const { return epoch + duration_of(frame, rate); }
  Frames frame_at(ServerTime t) const { return frames_in(t - epoch, rate); }

  friend bool operator==(const FrameClock&, const FrameClock&) = default;
};

}  // namespace tutti
