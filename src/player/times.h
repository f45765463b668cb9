// Moments of two clocks: this machine's (std::chrono::steady_clock), and what a server says of its own.
#pragma once

#include "base/time.h"

#include <chrono>
#include <cstdint>
#include <cstdlib>

namespace tutti::player {

inline constexpr ClientTime kNever{Duration::max()};

inline ClientTime client_now() {
  return {std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

// kNever is the last of all moments there too.
inline std::chrono::steady_clock::time_point steady_time(ClientTime t) {
  using Clock = std::chrono::steady_clock;
  if (t == kNever) return Clock::time_point::max();
  return Clock::time_point(std::chrono::duration_cast<Clock::duration>(t.since_start));
}

// Beyond it, sums of times would overflow: 285 years.
inline bool is_plausible(ServerTime t) {
  return std::abs(t.since_start.count() / 2) < (std::int64_t{1} << 52);
}

}  // namespace tutti::player
