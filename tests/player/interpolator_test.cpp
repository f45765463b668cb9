#include "player/interpolator.h"

#include <array>
#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

using Frames = std::array<float, Interpolator::kTaps>;

Frames tone(double cycles_per_frame) {
  Frames frames{};
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const double t = static_cast<double>(i) - static_cast<double>(Interpolator::kBefore);
    frames[i] = static_cast<float>(std::sin(2 * std::numbers::pi * cycles_per_frame * t + 1));
  }
  return frames;
}

TEST(Interpolator, WholeFramesPassAsTheyAre) {
  const Interpolator interpolator;
  std::mt19937 random(5);
  std::uniform_real_distribution<float> any(-1, 1);
  for (int round = 0; round < 100; ++round) {
    Frames frames{};
    for (float& frame : frames) frame = any(random);
    float out = 9;
    interpolator.at(0, frames.data(), {&out, 1});
    EXPECT_EQ(out, frames[Interpolator::kBefore]);
    interpolator.at(1, frames.data(), {&out, 1});
    EXPECT_EQ(out, frames[Interpolator::kBefore + 1]);
  }
}

// Up to 19 kHz at 48 kHz.
TEST(Interpolator, TonesAreWhatTheyAreBetweenFrames) {
  const Interpolator interpolator;
  for (const double frequency : {0.001, 0.02, 0.1, 0.25, 0.35, 0.396}) {
    const Frames frames = tone(frequency);
    for (double fraction = 0; fraction <= 1; fraction += 0.0137) {
      float out = 9;
      interpolator.at(fraction, frames.data(), {&out, 1});
      EXPECT_NEAR(out, std::sin(2 * std::numbers::pi * frequency * fraction + 1), 1e-4) << frequency;
    }
  }
}

TEST(Interpolator, ChannelsDoNotMix) {
  const Interpolator interpolator;
  std::array<float, 2 * Interpolator::kTaps> frames{};
  for (std::size_t i = 0; i < Interpolator::kTaps; ++i) frames[2 * i] = 0.5F;
  std::array<float, 2> out{9, 9};
  interpolator.at(0.3, frames.data(), out);
  EXPECT_NEAR(out[0], 0.5, 1e-6);
  EXPECT_EQ(out[1], 0);
}

}  // namespace
}  // namespace tutti::player
