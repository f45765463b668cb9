#include "domain/audio_time.h"

#include "domain/timeline.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti {
namespace {

constexpr int kRates[] = {8000, 22050, 44100, 48000, 96000, 192000};

TEST(AudioTime, AFrameBeginsInTheMicrosecondThatItsDurationNames) {
  std::mt19937_64 random(1);
  for (const int rate : kRates) {
    // Up to ten years, also before the epoch.
    std::uniform_int_distribution<Frames> frames(-Frames{rate} * 315'360'000, Frames{rate} * 315'360'000);
    for (int i = 0; i < 2000; ++i) {
      const Frames n = frames(random);
      const Duration at = duration_of(n, rate);
      ASSERT_EQ(frames_in(at, rate), n) << n << " at " << rate;
      ASSERT_EQ(frames_in(at - Duration(1), rate), n - 1) << n << " at " << rate;
    }
  }
}

TEST(AudioTime, AYearAt44100HzDoesNotDrift) {
  const Duration year = std::chrono::hours(24 * 365);
  EXPECT_EQ(frames_in(year, 44100), Frames{44100} * 86400 * 365);
  EXPECT_EQ(duration_of(Frames{44100} * 86400 * 365, 44100), year);
}

TEST(AudioTime, RescaleRoundsToTheNearestFrame) {
  EXPECT_EQ(rescale(48000, 48000, 44100), 44100);
  EXPECT_EQ(rescale(1, 48000, 44100), 1);
  EXPECT_EQ(rescale(1, 44100, 8000), 0);
  EXPECT_EQ(rescale(12345, 44100, 44100), 12345);
  const Frames day = Frames{44100} * 86400;
  EXPECT_EQ(rescale(day * 3650, 44100, 48000), Frames{48000} * 86400 * 3650);
}

TEST(Timeline, PositionIsArithmetic) {
  const Timeline playing{TrackId{1}, 1000, 44100, ServerTime{Duration(5'000'000)}, true};
  EXPECT_EQ(playing.position_at(ServerTime{Duration(5'000'000)}), 1000);
  EXPECT_EQ(playing.position_at(ServerTime{Duration(6'000'000)}), 45100);
  EXPECT_EQ(playing.position_at(ServerTime{Duration(0)}), 0) << "never below zero";
  Timeline paused = playing;
  paused.playing = false;
  EXPECT_EQ(paused.position_at(ServerTime{Duration(60'000'000)}), 1000);
}

}  // namespace
}  // namespace tutti
