// One direction of a phone's network: what goes in comes out in order, later by a delay at rest and by a
// queue that comes and goes, as bench/sync/relay.py has it.
#pragma once

#include "clock/dice.h"

#include <algorithm>
#include <cstdint>

namespace walk {

using Micros = std::int64_t;  // of this machine's monotonic clock, unless something else is said

class Line {
 public:
  Line(double rest, double most, std::uint64_t seed) : rest_(rest), most_(most), dice_(seed) {}

  bool delays() const { return rest_ > 0 || most_ > 0; }
  // When what is sent at `now` arrives.
  Micros arrival(Micros now) {
    constexpr double kShortest = 0.2e6, kLongest = 2e6, kShare = 0.6;
    if (now > until_) {
      until_ = now + static_cast<Micros>(dice_.between(kShortest, kLongest));
      queue_ = dice_.chance(kShare) ? dice_.between(0, most_) : 0;
    }
    // Within a burst it fills and drains.
    const double jitter = queue_ * dice_.between(0.5, 1);
    return due_ = std::max(due_, now + static_cast<Micros>(rest_ + jitter));
  }

 private:
  double rest_, most_;  // µs
  bench::Dice dice_;
  double queue_ = 0;
  Micros until_ = 0, due_ = 0;
};

// A phone's own clock: it began at another moment, and runs faster by `drift`.
struct PhoneClock {
  double offset = 0, drift = 0;

  Micros local(Micros t) const {
    return t + static_cast<Micros>(offset + drift * static_cast<double>(t - kOrigin));
  }
  Micros real(Micros local_time) const {
    const auto since = static_cast<double>(local_time - kOrigin) - offset;
    return kOrigin + static_cast<Micros>(since / (1 + drift));
  }
  // So that the products stay small.
  inline static Micros kOrigin = 0;
};

}  // namespace walk
