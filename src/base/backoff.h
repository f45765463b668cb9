// How long to wait before trying again: twice as long each time, up to a bound, and not all clients at the
// same moment.
#pragma once

#include "base/time.h"

#include <algorithm>

namespace tutti {

class Backoff {
 public:
  Backoff(Duration first, Duration longest) : first_(first), longest_(longest), next_(first) {}

  // `chance`: evenly from 0 to 1. The wait is between half of its turn and all of it.
  Duration next(double chance) {
    const Duration turn = next_;
    next_ = std::min(longest_, next_ * 2);
    const auto half = turn / 2;
    return half + Duration(static_cast<Duration::rep>(static_cast<double>(half.count()) * chance));
  }
  void reset() { next_ = first_; }

 private:
  Duration first_, longest_, next_;
};

}  // namespace tutti
