#include "base/server_clock.h"

#include <gtest/gtest.h>

namespace tutti {

// A restart of the server, as its players see it: the same clock, and what is on the calendar at the same
// time.
TEST(ServerClock, IsTheSameForEveryServerOfTheMachine) {
  const ServerClock one;
  const ServerTime before = one.now();
  const ServerClock other;
  EXPECT_LE(before, other.now());
  EXPECT_LE(other.now(), one.now());
  const Duration apart =
      one.wall_anchor().at_start.since_unix_epoch - other.wall_anchor().at_start.since_unix_epoch;
  EXPECT_LT(std::chrono::abs(apart), std::chrono::milliseconds(1));
}

}  // namespace tutti
