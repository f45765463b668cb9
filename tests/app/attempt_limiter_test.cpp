#include "app/attempt_limiter.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

constexpr AttemptLimiter::Settings kSettings{3, 1s, 60s, 120s, 100};

ServerTime at(Duration t) { return {t}; }

TEST(AttemptLimiter, AFewFailuresAreFreeThenTheWaitDoubles) {
  AttemptLimiter limiter(kSettings);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(limiter.wait("a", at(0s)), 0s);
    limiter.charge("a", at(0s));
  }
  Duration now = 0s;
  for (const Duration expected : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    EXPECT_EQ(limiter.wait("a", at(now)), expected);
    EXPECT_EQ(limiter.wait("b", at(now)), 0s) << "only those who fail";
    now += expected;
    EXPECT_EQ(limiter.wait("a", at(now)), 0s);
    limiter.charge("a", at(now));
  }
}

TEST(AttemptLimiter, AHundredAtTheSameMomentGainNothing) {
  AttemptLimiter limiter(kSettings);
  int begun = 0;
  for (int i = 0; i < 100; ++i) {
    if (limiter.wait("a", at(5s)) > 0s) continue;
    limiter.charge("a", at(5s));
    ++begun;
  }
  EXPECT_EQ(begun, 3);
}

TEST(AttemptLimiter, SuccessIsTakenBackAndTimeForgives) {
  AttemptLimiter limiter(kSettings);
  for (int i = 0; i < 50; ++i) {
    limiter.charge("a", at(0s));
    limiter.refund("a", at(0s));
  }
  EXPECT_EQ(limiter.wait("a", at(0s)), 0s);
  EXPECT_EQ(limiter.size(), 0u) << "nothing is kept of those who succeed";
  for (int i = 0; i < 3; ++i) limiter.charge("a", at(0s));
  EXPECT_EQ(limiter.wait("a", at(0s)), 1s);
  // Two of three are forgotten after four minutes, so two more are free.
  limiter.charge("a", at(240s));
  EXPECT_EQ(limiter.wait("a", at(240s)), 0s);
  limiter.charge("a", at(240s));
  EXPECT_EQ(limiter.wait("a", at(240s)), 1s);
  limiter.forgive("a");
  EXPECT_EQ(limiter.wait("a", at(240s)), 0s);
}

// Whoever guesses without end gets no more than a fixed number of guesses in a day, however they are timed.
TEST(AttemptLimiter, TheRateOfGuessesIsBounded) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    AttemptLimiter limiter({8, 1s, 60s, 60s, 100});
    Duration now = 0s;
    int guesses = 0;
    while (now < 24h) {
      if (limiter.wait("a", at(now)) == 0s) {
        limiter.charge("a", at(now));
        ++guesses;
      }
      now += Duration(static_cast<std::int64_t>(random() % 5'000'000));
    }
    EXPECT_LT(guesses, 24 * 60 + 30) << seed;
    EXPECT_GT(guesses, 100) << "and a person gets in at last";
  }
}

TEST(AttemptLimiter, ItsMemoryIsBounded) {
  AttemptLimiter limiter(kSettings);
  for (int i = 0; i < 5; ++i) limiter.charge("first", at(0s));
  for (int i = 0; i < 99; ++i) limiter.charge(std::to_string(i), at(1s));
  EXPECT_GT(limiter.wait("first", at(1s)), 0s);
  limiter.charge("first", at(2s));
  for (int i = 0; i < 50; ++i) limiter.charge("x" + std::to_string(i), at(3s));
  EXPECT_EQ(limiter.size(), 100u);
  EXPECT_GT(limiter.wait("first", at(3s)), 0s) << "those quiet for longest are forgotten first";
}

}  // namespace
}  // namespace tutti::app
