#include "player/device_clock.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

constexpr int kRate = 48'000;
constexpr Frames kPeriod = 480;

// A device whose frames last longer by `drift`, observed with noise.
struct Device {
  double drift = 0;
  double noise = 0;  // µs
  double gap = 0;    // µs, up to now
  std::mt19937 random{11};

  double truth(Frames frame) const {
    return 5e6 + gap + static_cast<double>(frame) * 1e6 / kRate * (1 + drift);
  }
  Micros said(Frames frame) {
    return Micros(truth(frame) + std::normal_distribution<double>(0, 1)(random) * noise);
  }
};

double error(const DeviceClock& clock, const Device& device, Frames frame) {
  return std::abs(clock.at(frame).count() - device.truth(frame));
}

TEST(DeviceClock, FindsDriftThroughNoise) {
  for (const double drift : {-200e-6, -30e-6, 0.0, 100e-6}) {
    for (const double noise : {0.0, 50.0, 500.0, 1500.0}) {
      Device device{drift, noise};
      DeviceClock clock(kRate);
      Frames frame = 0;
      for (int i = 0; i < 3'000; ++i, frame += kPeriod) clock.add(frame, device.said(frame));
      double worst = 0;
      for (int i = 0; i < 3'000; ++i, frame += kPeriod) {
        EXPECT_NE(clock.add(frame, device.said(frame)), DeviceClock::Verdict::stepped) << noise;
        worst = std::max(worst, error(clock, device, frame));
      }
      EXPECT_LT(worst, 1 + noise / 8) << drift << " " << noise;
      EXPECT_NEAR(clock.drift(), drift, 1e-6 + noise * 1e-8);
    }
  }
}

TEST(DeviceClock, SingleLiesArePassedOver) {
  Device device{40e-6, 50};
  DeviceClock clock(kRate);
  int passed_over = 0;
  for (int i = 0; i < 6'000; ++i) {
    const Frames frame = i * kPeriod;
    const bool is_lie = i > 100 && i % 50 == 0;
    const auto verdict = clock.add(frame, device.said(frame) + Micros(is_lie ? 30'000.0 : 0.0));
    passed_over += verdict == DeviceClock::Verdict::passed_over ? 1 : 0;
    ASSERT_NE(verdict, DeviceClock::Verdict::stepped);
    EXPECT_LT(i > 1'000 ? error(clock, device, frame) : 0, 30);
  }
  EXPECT_EQ(passed_over, 117);
}

TEST(DeviceClock, AGapThatNobodyTellsOfIsFoundSoon) {
  for (const double gap : {-8'000.0, 5'000.0, 10'700.0, 2e6}) {
    Device device{-20e-6, 100};
    DeviceClock clock(kRate);
    Frames frame = 0;
    for (int i = 0; i < 2'000; ++i, frame += kPeriod) clock.add(frame, device.said(frame));
    device.gap = gap;
    int steps = 0;
    for (int i = 0; i < 5; ++i, frame += kPeriod) {
      steps += clock.add(frame, device.said(frame)) == DeviceClock::Verdict::stepped ? 1 : 0;
    }
    EXPECT_EQ(steps, 1) << gap;
    EXPECT_LT(error(clock, device, frame), 150) << gap;
    for (int i = 0; i < 100; ++i, frame += kPeriod) clock.add(frame, device.said(frame));
    EXPECT_LT(error(clock, device, frame), 50) << gap;
  }
}

TEST(DeviceClock, AGapThatIsToldOfIsBelievedAtOnce) {
  Device device{30e-6, 100};
  DeviceClock clock(kRate);
  Frames frame = 0;
  for (int i = 0; i < 2'000; ++i, frame += kPeriod) clock.add(frame, device.said(frame));
  device.gap = 700;
  clock.expect_step();
  clock.add(frame, device.said(frame));
  EXPECT_LT(error(clock, device, frame), 350);
  frame += kPeriod;
  for (int i = 0; i < 50; ++i, frame += kPeriod) clock.add(frame, device.said(frame));
  EXPECT_LT(error(clock, device, frame), 50);
}

// Too small to be told from noise at once, too large to be waited for.
TEST(DeviceClock, ASmallShiftThatStaysIsFollowed) {
  Device device{30e-6, 50};
  DeviceClock clock(kRate);
  Frames frame = 0;
  for (int i = 0; i < 3'000; ++i, frame += kPeriod) clock.add(frame, device.said(frame));
  device.gap = 500;
  for (int i = 0; i < 200; ++i, frame += kPeriod) clock.add(frame, device.said(frame));
  EXPECT_LT(error(clock, device, frame), 50) << "after two seconds";
}

TEST(DeviceClock, FramesThatDoNotGrowAreNothingNew) {
  DeviceClock clock(kRate);
  clock.add(0, Micros(1000));
  EXPECT_EQ(clock.add(0, Micros(9000)), DeviceClock::Verdict::passed_over);
  EXPECT_EQ(clock.at(0), Micros(1000));
}

}  // namespace
}  // namespace tutti::player
