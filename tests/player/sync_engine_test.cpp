#include "player/sync_engine.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

constexpr int kRate = 48'000;
constexpr double kTone = 441;   // Hz
constexpr double kAhead = 0.5;  // seconds

// What is heard at a moment of the server's clock.
float tone(double seconds) {
  return static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * kTone * seconds));
}

struct Plan {
  double device_drift = 0;  // its second lasts longer by this share of the client's
  double server_drift = 0;  // the server's clock runs faster by this share
  Micros jitter{0};         // of what the device says
  std::size_t period = 480;
  double offset = 12'345;  // seconds between the clocks
};

// A server, its clock, and a device with one of its own, in virtual time. What the device lets be heard when
// is known exactly.
class Room {
 public:
  explicit Room(Plan plan) : plan_(plan) {}

  double server_at(double client) const { return plan_.offset + client * (1 + plan_.server_drift); }
  double true_time(Frames frame) const {
    return 1 + gap_ + static_cast<double>(frame) / kRate * (1 + plan_.device_drift);
  }
  void feed(double until) {
    while (fed_ < until) {
      std::vector<float> chunk(960);
      const double begin = plan_.offset + 1 + static_cast<double>(fed_frames_) / kRate;
      for (std::size_t i = 0; i < chunk.size(); ++i) {
        chunk[i] = tone(begin + static_cast<double>(i) / kRate);
      }
      if (is_feeding_) {
        samples_.write(ServerTime{Duration(std::llround(begin * 1e6))}, chunk);
      }
      fed_frames_ += static_cast<Frames>(chunk.size());
      fed_ = begin + 0.02;
    }
  }
  void stop_feeding() { is_feeding_ = false; }
  void feed_again() { is_feeding_ = true; }
  void have_gap(double seconds, bool is_told) {
    gap_ += seconds;
    tell_gap_ = is_told;
  }
  // Off by so many seconds, and by how much the clock says it may be off.
  void have_clock(double error, Micros uncertainty) {
    clock_error_ = error;
    uncertainty_ = uncertainty;
  }
  void step_server(double seconds) { plan_.offset += seconds; }

  // Plays for so long; `each` is called with every block.
  void play(double seconds) {
    const Frames end = rendered_ + static_cast<Frames>(seconds * kRate);
    while (rendered_ < end) {
      const double heard = true_time(rendered_);
      const double now = heard - 0.03;
      feed(server_at(now) + kAhead);
      const Micros server((server_at(now) + clock_error_) * 1e6);
      engine_.set_clock({true, Micros(now * 1e6), server, plan_.server_drift, uncertainty_});
      block_.assign(plan_.period, 7);
      const double said = heard * 1e6 + noise_(random_) * plan_.jitter.count();
      engine_.render(block_, Micros(said), std::exchange(tell_gap_, false));
      for (const float sample : block_) {
        const double t = true_time(rendered_);
        heard_.push_back(sample);
        phase_ += static_cast<double>(sample) * std::polar(1.0, -2 * std::numbers::pi * kTone * server_at(t));
        power_ += 1;
        ++rendered_;
      }
    }
  }
  // How much too late (µs) the tone has been since the last call, from its phase; NaN where it is not heard.
  double lateness() {
    // sin = (e^ix - e^-ix) / 2i
    const auto phase = phase_ / power_ * std::complex<double>(0, 2) / 0.5;
    phase_ = 0;
    power_ = 0;
    if (std::abs(phase) < 0.3) return std::numeric_limits<double>::quiet_NaN();
    return -std::arg(phase) / (2 * std::numbers::pi * kTone) * 1e6;
  }
  std::vector<float>& heard() { return heard_; }
  const SyncStatus& status() { return engine_.status(); }
  SyncEngine& engine() { return engine_; }
  TimedSamples& samples() { return samples_; }

 private:
  Plan plan_;
  TimedSamples samples_{kRate, 1, Duration(2'000'000)};
  SyncEngine engine_{samples_, Micros(0)};
  double fed_ = 0;
  Frames fed_frames_ = 0;
  bool is_feeding_ = true;
  double gap_ = 0;
  bool tell_gap_ = false;
  double clock_error_ = 0;
  Micros uncertainty_{0};
  Frames rendered_ = 0;
  std::vector<float> block_, heard_;
  std::complex<double> phase_;
  double power_ = 0;
  std::mt19937 random_{7};
  std::normal_distribution<double> noise_;
};

// The largest step between neighbours: of a tone it is known, and a click is above it.
float steepest(std::span<const float> samples) {
  float most = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    most = std::max(most, std::abs(samples[i] - samples[i - 1]));
  }
  return most;
}
const float kSteepestTone = static_cast<float>(0.5 * 2 * std::numbers::pi * kTone / kRate);

TEST(SyncEngine, StartsWithinATenthOfASecondAndIsRightAtOnce) {
  Room room({});
  room.play(0.5);
  const auto& heard = room.heard();
  const auto first = std::ranges::find_if(heard, [](float s) { return s != 0; });
  EXPECT_LT(first - heard.begin(), kRate / 10);
  room.lateness();
  room.play(1);
  EXPECT_LT(std::abs(room.lateness()), 11) << "half a frame";
  EXPECT_EQ(room.status().starts, 1);
}

TEST(SyncEngine, FollowsClocksThatDrift) {
  for (const double device : {-100e-6, 0.0, 100e-6}) {
    for (const double server : {-50e-6, 80e-6}) {
      Room room({.device_drift = device, .server_drift = server, .jitter = Micros(0)});
      room.play(10);
      room.lateness();
      for (int second = 0; second < 20; ++second) {
        room.play(1);
        EXPECT_LT(std::abs(room.lateness()), 5) << device << " " << server << " after " << second;
        EXPECT_LT(std::abs(room.status().correction), 0.001);
      }
      EXPECT_LE(steepest(std::span(room.heard()).subspan(kRate)), kSteepestTone * 1.002F);
    }
  }
}

TEST(SyncEngine, LooksThroughTheJitterOfTheDevice) {
  Room room({.device_drift = 60e-6, .server_drift = -20e-6, .jitter = Micros(400)});
  room.play(1.5);
  room.lateness();
  room.play(1);
  EXPECT_LT(std::abs(room.lateness()), 500) << "already";
  room.play(15);
  room.lateness();
  for (int second = 0; second < 30; ++second) {
    room.play(1);
    EXPECT_LT(std::abs(room.lateness()), 60) << "after " << second;
  }
}

TEST(SyncEngine, IsBackAtOnceAfterAGapOfTheDevice) {
  for (const bool is_told : {true, false}) {
    Room room({.device_drift = 30e-6, .jitter = Micros(100)});
    room.play(15);
    room.have_gap(0.0107, is_told);
    room.play(0.1);
    room.lateness();
    room.play(0.9);
    EXPECT_LT(std::abs(room.lateness()), 200) << is_told;
    room.play(2);
    room.lateness();
    room.play(1);
    EXPECT_LT(std::abs(room.lateness()), 60) << is_told;
  }
}

TEST(SyncEngine, FallsSilentWithoutAClickAndComesBackInTime) {
  Room room({});
  room.play(3);
  room.stop_feeding();
  room.play(1);
  EXPECT_EQ(room.status().starved, 1);
  EXPECT_FALSE(room.status().is_playing);
  EXPECT_EQ(room.heard().back(), 0);
  room.feed_again();
  room.play(1);
  room.lateness();
  room.play(1);
  EXPECT_TRUE(room.status().is_playing);
  EXPECT_LT(std::abs(room.lateness()), 15);
  EXPECT_LE(steepest(room.heard()), kSteepestTone * 1.02F);
}

TEST(SyncEngine, FadesWhatIsClearedAndPlaysWhatFollows) {
  Room room({});
  room.play(2);
  room.samples().clear();
  room.play(0.02);
  EXPECT_FALSE(room.status().is_playing);
  room.play(0.7);
  room.lateness();
  room.play(1);
  EXPECT_LT(std::abs(room.lateness()), 15);
  EXPECT_EQ(room.status().starts, 2);
  EXPECT_LE(steepest(room.heard()), kSteepestTone * 1.02F);
}

TEST(SyncEngine, StepsOfTheServersClockAreHeardOnce) {
  Room room({});
  room.play(3);
  room.step_server(5);
  room.play(1);
  room.lateness();
  room.play(1);
  EXPECT_LT(std::abs(room.lateness()), 15);
  EXPECT_LE(steepest(room.heard()), kSteepestTone * 1.02F);
}

TEST(SyncEngine, BegunByAClockThatDoubtedItselfItStepsOnceWhenItKnows) {
  for (const double error : {-0.02, 0.02}) {
    Room room({});
    room.have_clock(error, Micros(25'000));
    room.play(1);
    EXPECT_EQ(room.status().jumps, 0) << error;
    room.have_clock(0, Micros(4'000));
    room.play(0.2);
    EXPECT_EQ(room.status().jumps, 1) << error;
    room.lateness();
    room.play(0.5);
    EXPECT_LT(std::abs(room.lateness()), 15) << error;
    // What it begins by now was sure, so the next correction is one that nobody hears.
    room.have_clock(error / 4, Micros(100));
    room.play(3);
    EXPECT_EQ(room.status().jumps, 1) << error;
    EXPECT_LE(steepest(room.heard()), kSteepestTone * 1.02F);
  }
}

TEST(SyncEngine, DoesNotStepWhereTheClockWasSureOrIsNotOrWhereItHasPlayedForLong) {
  struct Case {
    double played;
    Micros before, after;
  };
  for (const Case& each : {Case{1, Micros(2'000), Micros(500)}, Case{1, Micros(25'000), Micros(10'000)},
                           Case{15, Micros(25'000), Micros(500)}}) {
    Room room({});
    room.have_clock(0.02, each.before);
    room.play(each.played);
    room.have_clock(0, each.after);
    room.play(1);
    EXPECT_EQ(room.status().jumps, 0) << each.played << " s, then " << each.after.count();
    EXPECT_EQ(room.status().starts, 1);
  }
}

TEST(SyncEngine, GoesOverIntoTheSameSoundSentAgain) {
  Room room({});
  room.play(2);
  const auto before = room.heard().size();
  // After a lost connection the server begins at a moment of its own, within what is there already.
  const double again = 12'345 + 3.2 + 0.3;
  std::vector<float> chunk(kRate / 2);
  for (std::size_t i = 0; i < chunk.size(); ++i) chunk[i] = tone(again + static_cast<double>(i) / kRate);
  ASSERT_TRUE(room.samples().write(ServerTime{Duration(std::llround(again * 1e6))}, chunk));
  room.play(0.6);
  EXPECT_EQ(room.status().starts, 1);
  EXPECT_EQ(room.status().jumps, 0);
  EXPECT_LE(steepest(std::span(room.heard()).subspan(before)), kSteepestTone * 1.05F);
}

TEST(SyncEngine, SamplesPassAsTheyAreWhereClocksAgree) {
  TimedSamples samples(kRate, 2, Duration(1'000'000));
  SyncEngine engine(samples, Micros(0));
  std::mt19937 random(3);
  std::uniform_int_distribution<int> any(-32'768, 32'767);
  std::vector<float> sent(2 * kRate / 2);
  for (float& sample : sent) sample = static_cast<float>(any(random)) / 32'768;
  ASSERT_TRUE(samples.write(ServerTime{Duration(1'100'000)}, sent));
  engine.set_clock({true, Micros(0), Micros(1'000'000), 0, Micros(0)});
  std::vector<float> out(2 * 480), all;
  for (int block = 0; block < 55; ++block) {
    engine.render(out, Micros(block * 10'000), false);
    all.insert(all.end(), out.begin(), out.end());
  }
  const std::size_t begin = 2 * 4'800;  // 100 ms from the beginning
  EXPECT_TRUE(std::ranges::all_of(std::span(all).first(begin), [](float s) { return s == 0; }));
  const std::size_t faded = 2 * 240;
  EXPECT_TRUE(std::ranges::equal(std::span(all).subspan(begin + faded, 40'000),
                                 std::span(sent).subspan(faded, 40'000)));
}

TEST(SyncEngine, WhatIsNoNumberIsSilence) {
  TimedSamples samples(kRate, 1, Duration(1'000'000));
  SyncEngine engine(samples, Micros(0));
  std::vector<float> bad(kRate / 2, std::numeric_limits<float>::quiet_NaN());
  bad[20'000] = 1e30F;
  ASSERT_TRUE(samples.write(ServerTime{Duration(0)}, bad));
  engine.set_clock({true, Micros(0), Micros(0), 0, Micros(0)});
  std::vector<float> out(480);
  for (int block = 0; block < 60; ++block) {
    engine.render(out, Micros(block * 10'000), false);
    EXPECT_TRUE(std::ranges::all_of(out, [](float s) { return s >= -1 && s <= 1; }));
  }
}

// Whatever servers claim and devices say: sound within its bounds, and nothing but sound.
TEST(SyncEngine, NothingThatIsSentOrSaidBreaksIt) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    std::mt19937 random(seed);
    const auto pick = [&](double from, double to) {
      return std::uniform_real_distribution<double>(from, to)(random);
    };
    const int channels = 1 + static_cast<int>(seed % 2);
    TimedSamples samples(kRate, channels, Duration(500'000));
    SyncEngine engine(samples, Micros(pick(-1e6, 1e6)));
    double heard = pick(0, 1e9), offset = pick(-1e9, 1e9), next = 0;
    for (int round = 0; round < 2'000; ++round) {
      const double now = heard + offset;
      if (random() % 100 == 0) offset = pick(-1e12, 1e12);
      if (random() % 300 == 0) heard += pick(-1e6, 1e7);
      if (random() % 50 == 0) next = now + pick(-3e5, 6e5);
      if (random() % 400 == 0) next = pick(-9e18, 9e18);
      if (random() % 200 == 0) samples.clear();
      if (random() % 20 != 0) {
        std::vector<float> chunk(static_cast<std::size_t>(channels) * (1 + random() % 2'000));
        for (float& sample : chunk) sample = static_cast<float>(pick(-2, 2));
        const auto frames = static_cast<double>(chunk.size()) / channels;
        if (samples.write(ServerTime{Duration(static_cast<std::int64_t>(next))}, chunk))
          next += frames / kRate * 1e6;
      }
      if (random() % 10 == 0) {
        const double drift = random() % 20 == 0 ? pick(-5, 5) : pick(-1e-4, 1e-4);
        engine.set_clock({random() % 30 != 0, Micros(heard), Micros(heard + offset), drift, Micros(0)});
      }
      std::vector<float> out(static_cast<std::size_t>(channels) * (1 + random() % 1'500));
      engine.render(out, Micros(heard + pick(-2'000, 2'000)), random() % 100 == 0);
      heard += static_cast<double>(out.size()) / channels / kRate * 1e6;
      ASSERT_TRUE(std::ranges::all_of(out, [](float s) { return s >= -1 && s <= 1; })) << seed;
    }
  }
}

}  // namespace
}  // namespace tutti::player
