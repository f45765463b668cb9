#include "player/walk_sound.h"

#include "player/sync_engine.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

using namespace std::chrono_literals;

constexpr int kRate = WalkAsset::kRate;

// Which sample of the asset it is, told by its value.
float value_of(Frames sample) { return static_cast<float>(sample % 40'000) / 50'000 + 0.1F; }

WalkSpan span_of(std::int64_t cue, Frames begin, Frames end, Frames first) {
  WalkSpan out;
  out.cue = cue;
  out.asset = "forest";
  out.begin = begin;
  out.end = out.fade_begin = out.fade_end = end;
  out.first = first;
  out.length = end - begin;
  return out;
}

// A walk's sound into the engine, and that into a device in virtual time whose clock is the server's. What is
// heard is `heard`, its first frame `kBegin` of the grid.
class Room {
 public:
  static constexpr Frames kBegin = 10 * kRate;

  void play(double seconds) {
    const Frames end = kBegin + static_cast<Frames>(heard.size()) + static_cast<Frames>(seconds * kRate);
    for (Frames at = kBegin + static_cast<Frames>(heard.size()); at < end; at += 480) {
      const ServerTime now = grid_time(at);
      sound.pump(now + 60ms);
      engine_.set_clock({true, Micros(0), Micros(0), 0, Micros(10)});
      std::vector<float> block(960);
      engine_.render(block, Micros(static_cast<double>(at) * 1e6 / kRate), false);
      for (std::size_t i = 0; i < 480; ++i) heard.push_back(block[2 * i]);
    }
  }
  float at(Frames frame) const { return heard.at(static_cast<std::size_t>(frame - kBegin)); }
  const SyncStatus& status() { return engine_.status(); }

  bool is_here = true;
  std::vector<float> heard;

 private:
  TimedSamples samples_{kRate, 2, WalkSound::kCapacity};
  SyncEngine engine_{samples_, Micros(0)};

 public:
  WalkSound sound{samples_, [this](const std::string&) -> WalkSound::Read {
                    if (!is_here) return nullptr;
                    return [](Frames first, std::span<float> out) {
                      for (std::size_t i = 0; i < out.size(); ++i) {
                        out[i] = value_of(first + static_cast<Frames>(i / 2));
                      }
                    };
                  }};
};

TEST(WalkSound, EverySampleIsHeardAtItsTimeFromTheFirstOn) {
  Room room;
  room.play(1);
  const Frames begin = Room::kBegin + 3 * kRate + 17;
  room.sound.set_plan({span_of(1, begin, begin + kRate, 7)});
  room.play(4);
  EXPECT_EQ(room.at(begin - 1), 0);
  for (const Frames n : {0, 1, 1000, 30'000, kRate - 1}) {
    EXPECT_NEAR(room.at(begin + n), value_of(7 + n), 1e-4) << n;
  }
  EXPECT_EQ(room.at(begin + kRate), 0);
  EXPECT_EQ(room.status().starts, 1) << "silence is played too";
  EXPECT_EQ(room.status().jumps, 0);
}

TEST(WalkSound, WhoHearsOfACueLateEntersAtTheRightPlaceAndFadesIn) {
  Room room;
  room.play(5);
  const Frames begin = Room::kBegin + 2 * kRate;
  room.sound.set_plan({span_of(1, begin, begin + 10 * kRate, 0)});
  const Frames entry = Room::kBegin + 5 * kRate;
  room.play(1);
  EXPECT_EQ(room.at(entry + kRate / 100), 0) << "what is heard so soon is with the device";
  const Frames later = entry + kRate / 5;
  EXPECT_NEAR(room.at(later), value_of(later - begin), 1e-4);
  float steepest = 0;
  for (Frames at = entry; at < later; ++at)
    steepest = std::max(steepest, std::abs(room.at(at + 1) - room.at(at)));
  EXPECT_LT(steepest, 0.01F) << "a click";
}

TEST(WalkSound, WhatDoesNotChangeIsHeardOnWithoutASeam) {
  Room room;
  const Frames begin = Room::kBegin + kRate / 2;
  const auto first = span_of(1, begin, begin + 30 * kRate, 0);
  room.sound.set_plan({first});
  room.play(1);
  // Something that comes later is changed a hundred times.
  for (int i = 0; i < 100; ++i) {
    auto ended = first;
    ended.end = ended.fade_begin = ended.fade_end = begin + 20 * kRate + i;
    room.sound.set_plan({ended});
    room.play(0.1);
  }
  for (Frames at = begin + kRate / 2; at < begin + 10 * kRate; at += 997) {
    ASSERT_NEAR(room.at(at), value_of(at - begin), 1e-3) << at - begin;
  }
  EXPECT_EQ(room.status().jumps, 0);
  EXPECT_EQ(room.status().starved, 0);
}

TEST(WalkSound, APlanThatChangesTooOftenIsHeardWhenThereIsRoom) {
  Room room;
  const Frames begin = Room::kBegin + kRate / 2;
  room.play(1);
  WalkSpan last;
  for (int i = 0; i < 200; ++i) {
    last = span_of(i + 1, begin, begin + 60 * kRate, i);
    room.sound.set_plan({last});
    room.play(0.01);
  }
  room.play(5);
  const Frames at = Room::kBegin + 7 * kRate;
  EXPECT_NEAR(room.at(at), value_of(last.sample_at(at)), 1e-3);
}

TEST(WalkSound, AClockThatGoesBackIsFollowed) {
  Room room;
  room.play(5);
  const Frames later = Room::kBegin + 3600 * kRate;
  room.sound.pump(grid_time(later));
  const Frames begin = Room::kBegin + 6 * kRate;
  room.sound.set_plan({span_of(1, begin, begin + kRate, 0)});
  room.play(2);
  EXPECT_NEAR(room.at(begin + 1000), value_of(1000), 1e-4);
}

TEST(WalkSound, AFileThatComesInTheMiddleIsHeardFromThere) {
  Room room;
  room.is_here = false;
  const Frames begin = Room::kBegin + kRate;
  room.sound.set_plan({span_of(1, begin, begin + 10 * kRate, 0)});
  room.play(3);
  EXPECT_EQ(room.at(begin + kRate), 0);
  room.is_here = true;
  room.sound.reopen();
  room.play(1);
  const Frames at = Room::kBegin + 3 * kRate + kRate / 2;
  EXPECT_NEAR(room.at(at), value_of(at - begin), 1e-4);
}

}  // namespace
}  // namespace tutti::player
