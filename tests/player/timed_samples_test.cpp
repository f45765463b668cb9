#include "player/timed_samples.h"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

constexpr int kRate = 1'000;  // a frame is a millisecond

class TimedSamplesTest : public testing::Test {
 protected:
  // `count` frames whose samples count on from `first`.
  bool write(int at_ms, std::size_t count, float first) {
    std::vector<float> samples(count);
    std::iota(samples.begin(), samples.end(), first);
    return samples_.write(ServerTime{std::chrono::milliseconds(at_ms)}, samples);
  }
  std::vector<float> window(Frames first, std::size_t count) {
    const float* at = samples_.window(first, count);
    return {at, at + count};
  }
  std::vector<float> counted(std::size_t count, float first) {
    std::vector<float> samples(count);
    std::iota(samples.begin(), samples.end(), first);
    return samples;
  }

  TimedSamples samples_{kRate, 1, std::chrono::seconds(1)};
};

TEST_F(TimedSamplesTest, WhatFollowsInTimeIsOneRun) {
  EXPECT_FALSE(samples_.refresh());
  EXPECT_EQ(samples_.end(), 0);
  ASSERT_TRUE(write(500, 20, 1));
  ASSERT_TRUE(write(520, 20, 21));
  samples_.refresh();
  EXPECT_EQ(samples_.end(), 40);
  ASSERT_EQ(samples_.runs().size(), 1u);
  EXPECT_EQ(samples_.runs()[0].first, 0);
  EXPECT_EQ(samples_.runs()[0].at, Micros(500'000));
  EXPECT_EQ(window(0, 40), counted(40, 1));
  EXPECT_EQ(window(15, 10), counted(10, 16));
}

TEST_F(TimedSamplesTest, AHoleInTimeBeginsAnotherRun) {
  write(500, 20, 1);
  write(530, 20, 21);
  samples_.refresh();
  ASSERT_EQ(samples_.runs().size(), 2u);
  EXPECT_EQ(samples_.runs()[1].first, 20);
  EXPECT_EQ(samples_.runs()[1].at, Micros(530'000));
  // Once nobody looks back at it, the first run is forgotten.
  window(19, 5);
  EXPECT_EQ(samples_.runs().size(), 2u);
  window(20, 5);
  EXPECT_EQ(samples_.runs().size(), 1u);
}

TEST_F(TimedSamplesTest, WhatComesAgainTakesThePlaceOfAllThatIsLater) {
  write(500, 20, 1);
  write(530, 20, 21);
  write(560, 20, 41);
  write(525, 50, 100);
  samples_.refresh();
  ASSERT_EQ(samples_.runs().size(), 2u);
  EXPECT_EQ(samples_.runs()[1].first, 60);
  EXPECT_EQ(samples_.runs()[1].at, Micros(525'000));
}

TEST_F(TimedSamplesTest, ClearedIsAllThatCameBefore) {
  write(500, 20, 1);
  samples_.clear();
  samples_.clear();
  write(900, 20, 50);
  EXPECT_TRUE(samples_.refresh());
  ASSERT_EQ(samples_.runs().size(), 1u);
  EXPECT_EQ(samples_.runs()[0].first, 20);
  EXPECT_FALSE(samples_.refresh());
}

TEST_F(TimedSamplesTest, WhatDoesNotFitIsNotTaken) {
  EXPECT_FALSE(write(0, 1'001, 0));
  EXPECT_TRUE(write(0, 1'000, 0));
  EXPECT_FALSE(write(1'000, 1, 0));
  samples_.refresh();
  samples_.forget_before(samples_.end());
  EXPECT_TRUE(write(1'001, 1'000, 0));
  samples_.refresh();
  EXPECT_EQ(samples_.end(), 2'000);
  EXPECT_EQ(window(1'500, 3), counted(3, 500));
}

// A server that sends single frames at times that never fit.
TEST_F(TimedSamplesTest, MarksAreBoundedAndAClearAlwaysFits) {
  int taken = 0;
  for (int i = 0; i < 900; ++i) taken += write(i * 2, 1, 0) ? 1 : 0;
  EXPECT_LT(taken, 900);
  samples_.clear();
  samples_.refresh();
  EXPECT_TRUE(samples_.runs().empty());
  EXPECT_TRUE(write(5'000, 10, 7));
  samples_.refresh();
  ASSERT_EQ(samples_.runs().size(), 1u);
  EXPECT_EQ(window(samples_.runs()[0].first, 10), counted(10, 7));
}

TEST_F(TimedSamplesTest, BeforeTheFirstFrameIsSilence) {
  write(0, 10, 1);
  samples_.refresh();
  EXPECT_EQ(window(-3, 6), (std::vector<float>{0, 0, 0, 1, 2, 3}));
}

TEST_F(TimedSamplesTest, SplicedSoundGoesOnWhereItIsCut) {
  write(500, 40, 1);
  write(520, 40, 21);  // the same sound from its 21st frame on
  samples_.refresh();
  window(10, 5);
  samples_.splice(20, 40);
  ASSERT_EQ(samples_.runs().size(), 1u);
  const player::Run run = samples_.runs()[0];
  EXPECT_EQ(run.at + Micros(1'000) * static_cast<double>(40 - run.first), Micros(520'000));
  EXPECT_EQ(window(35, 10), counted(10, 16));
}

}  // namespace
}  // namespace tutti::player
