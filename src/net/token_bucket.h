// A limit on how often: `rate` a second in the long run, up to `burst` at once.
#pragma once

#include "base/time.h"

#include <algorithm>

namespace tutti::net {

class TokenBucket {
 public:
  TokenBucket(float rate, float burst, ServerTime now)
      : rate_(rate), burst_(burst), level_(burst), at_(now) {}

  // False: that is too much; nothing is taken.
  bool take(float tokens, ServerTime now) {
    const auto passed = std::chrono::duration<float>(now - at_).count();
    level_ = std::min(burst_, level_ + rate_ * passed);
    at_ = now;
    if (tokens > level_) return false;
    level_ -= tokens;
    return true;
  }

 private:
  float rate_, burst_, level_;
  ServerTime at_;
};

}  // namespace tutti::net
