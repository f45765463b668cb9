#include "player/server_time_keeper.h"

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

using namespace std::chrono_literals;

constexpr Duration kOffset = 5'000s;  // by which the server's clock is ahead

// Ten a second from `from` on, which take so long each way. Returns when the next one would be.
Duration exchange(ServerTimeKeeper& keeper, Duration from, int count, Duration there, Duration back,
                  Duration offset = kOffset) {
  for (int i = 0; i < count; ++i, from += 100ms) {
    const Duration received = from + there + offset;
    keeper.add({{from}, {received}, {received + 100us}, {from + there + 100us + back}});
  }
  return from;
}

Duration off(const ServerTimeKeeper& keeper, Duration at, Duration offset = kOffset) {
  return std::chrono::abs(keeper.clock()->to_server({at}).since_start - at - offset);
}

TEST(ServerTimeKeeper, GoesOnWithWhatItKnewOnAConnectionThatBeginsInQueues) {
  ServerTimeKeeper keeper;
  keeper.on_connected();
  Duration now = exchange(keeper, 1s, 100, 20ms, 20ms);
  keeper.on_connected();
  now = exchange(keeper, now, 8, 420ms, 20ms);
  EXPECT_EQ(keeper.verdict(), ServerTimeKeeper::Verdict::same);
  EXPECT_LT(off(keeper, now), 1ms);
}

TEST(ServerTimeKeeper, TakesTheClockOfAServerThatHasAnotherOne) {
  ServerTimeKeeper keeper;
  keeper.on_connected();
  Duration now = exchange(keeper, 1s, 100, 20ms, 20ms);
  keeper.on_connected();
  now = exchange(keeper, now, 7, 20ms, 20ms, kOffset + 1s);
  EXPECT_EQ(keeper.verdict(), ServerTimeKeeper::Verdict::open);
  EXPECT_LT(off(keeper, now), 1ms);  // until it is certain, the old one
  now = exchange(keeper, now, 1, 20ms, 20ms, kOffset + 1s);
  EXPECT_EQ(keeper.verdict(), ServerTimeKeeper::Verdict::other);
  EXPECT_LT(off(keeper, now, kOffset + 1s), 5ms);
}

}  // namespace
}  // namespace tutti::player
