#include "domain/private_timeline.h"

#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace tutti {
namespace {

using namespace std::chrono_literals;
using Repeat = PrivateTimeline::Repeat;

constexpr int kRate = 44100;
constexpr Duration kNotice = PrivateTimeline::kNotice;

// Track 1 lasts 10 s, track 2 11 s, and so on.
PrivateTimeline::Tracks tracks(int count) {
  auto out = std::make_shared<std::vector<RotationTrack>>();
  for (int i = 1; i <= count; ++i) out->push_back({TrackId{i}, Frames{kRate} * (9 + i)});
  return out;
}

struct PrivateTimelineTest : testing::Test {
  ServerTime now{100s};
  PrivateTimeline timeline{kRate, {}};

  explicit PrivateTimelineTest(int count = 3) { timeline.set_tracks(tracks(count), now); }
  void pass(Duration time) {
    now = now + time;
    timeline.advance(now);
  }
  std::int64_t track() const { return timeline.place(now)->track.value; }
  Duration position() const { return duration_of(timeline.place(now)->position, kRate); }
};

TEST_F(PrivateTimelineTest, PlaysOneTrackAfterTheOtherAndRestsAtTheFirst) {
  EXPECT_FALSE(timeline.is_playing());
  ASSERT_TRUE(timeline.play(now));
  pass(kNotice);
  EXPECT_EQ(track(), 1);
  EXPECT_EQ(position(), 0s);
  const auto turn = timeline.turn();
  pass(12s);
  EXPECT_EQ(track(), 2);
  EXPECT_EQ(position(), 2s);
  pass(20s);
  EXPECT_EQ(track(), 3);
  EXPECT_EQ(timeline.turn(), turn) << "they follow each other by themselves";
  pass(1s);
  EXPECT_FALSE(timeline.is_playing());
  EXPECT_EQ(track(), 1);
  EXPECT_EQ(position(), 0s);
  EXPECT_GT(timeline.turn(), turn);
}

TEST_F(PrivateTimelineTest, PauseKeepsThePlaceAndStopGoesToTheBeginning) {
  timeline.play(now);
  pass(kNotice + 4s);
  timeline.pause(now);
  pass(1h);
  EXPECT_EQ(position(), 4s);
  EXPECT_TRUE(timeline.entries(0, kRate).empty());
  timeline.play(now);
  EXPECT_EQ(position(), 4s) << "until it is heard";
  pass(kNotice + 1s);
  EXPECT_EQ(position(), 5s);
  timeline.stop(now);
  EXPECT_FALSE(timeline.is_playing());
  EXPECT_EQ(track(), 1);
  EXPECT_EQ(position(), 0s);
}

TEST_F(PrivateTimelineTest, ASeekIsHeardFromTheMomentThatWasPromised) {
  timeline.play(now);
  pass(2s);
  const auto turn = timeline.turn();
  timeline.seek(frames_in(7s, kRate), now);
  EXPECT_GT(timeline.turn(), turn);
  EXPECT_EQ(timeline.heard_since(), now + kNotice);
  pass(kNotice);
  EXPECT_EQ(position(), 7s);
  EXPECT_EQ(timeline.clock().frame_at(now), frames_in(7s, kRate)) << "frame 0 is the track's beginning";
  timeline.seek(frames_in(1h, kRate), now);
  pass(kNotice + 1ms);
  EXPECT_EQ(track(), 2) << "beyond its end the track is over";
}

TEST_F(PrivateTimelineTest, NextAndPrevious) {
  timeline.play(now);
  pass(kNotice + 5s);
  timeline.previous(now);
  EXPECT_EQ(track(), 1) << "late in it, to its beginning";
  pass(kNotice + 1s);
  timeline.previous(now);
  EXPECT_EQ(track(), 1) << "there is none before";
  timeline.next(now);
  timeline.next(now);
  EXPECT_EQ(track(), 3);
  timeline.previous(now);
  EXPECT_EQ(track(), 2);
  timeline.next(now);
  timeline.next(now);
  EXPECT_EQ(track(), 1);
  EXPECT_FALSE(timeline.is_playing());
  timeline.set_repeat(Repeat::all);
  timeline.play(now);
  timeline.previous(now);
  EXPECT_EQ(track(), 3);
  timeline.next(now);
  EXPECT_EQ(track(), 1);
  EXPECT_TRUE(timeline.is_playing());
}

TEST_F(PrivateTimelineTest, RepeatsOneOrAll) {
  timeline.set_repeat(Repeat::one);
  timeline.play(now);
  pass(kNotice + 35s);
  EXPECT_EQ(track(), 1);
  EXPECT_EQ(position(), 5s);
  timeline.set_repeat(Repeat::all);
  pass(33s);
  EXPECT_EQ(track(), 1);
  EXPECT_EQ(position(), 5s);
  timeline.next(now);
  EXPECT_EQ(track(), 2);
}

TEST_F(PrivateTimelineTest, ATrackThatLeavesIsPassedOver) {
  timeline.play(now);
  pass(kNotice + 12s);
  auto others = std::make_shared<std::vector<RotationTrack>>(*tracks(3));
  others->erase(others->begin());
  auto turn = timeline.turn();
  timeline.set_tracks(others, now);
  EXPECT_EQ(track(), 2);
  EXPECT_EQ(position(), 2s);
  EXPECT_EQ(timeline.turn(), turn) << "what is heard is what it was";
  others = std::make_shared<std::vector<RotationTrack>>(*others);
  others->erase(others->begin());
  timeline.set_tracks(others, now);
  EXPECT_EQ(track(), 3);
  EXPECT_EQ(position(), 0s);
  EXPECT_GT(timeline.turn(), turn);
  timeline.set_tracks(tracks(3), now);
  EXPECT_EQ(track(), 3);
  timeline.set_tracks(std::make_shared<std::vector<RotationTrack>>(), now);
  EXPECT_FALSE(timeline.is_playing());
  EXPECT_FALSE(timeline.place(now));
  EXPECT_FALSE(timeline.play(now));
}

TEST_F(PrivateTimelineTest, WhatCannotBePlayedIsPassedOverUntilTheTracksAreOthers) {
  timeline.set_repeat(Repeat::all);
  timeline.play(now);
  timeline.pass_over(TrackId{2}, now);
  EXPECT_EQ(track(), 1);
  timeline.pass_over(TrackId{1}, now);
  EXPECT_EQ(track(), 3);
  timeline.next(now);
  EXPECT_EQ(track(), 3);
  timeline.pass_over(TrackId{3}, now);
  EXPECT_FALSE(timeline.is_playing());
  timeline.set_tracks(tracks(2), now);
  EXPECT_TRUE(timeline.play(now));
}

TEST_F(PrivateTimelineTest, GoesOnFromAStateAsIfItHadNeverStopped) {
  timeline.set_tracks(tracks(9), now);
  timeline.shuffle(5);
  timeline.set_repeat(Repeat::all);
  timeline.play(now);
  pass(kNotice + 25s);
  PrivateTimeline other(kRate, timeline.state(now));
  other.set_tracks(tracks(9), now);
  EXPECT_FALSE(other.is_playing());
  EXPECT_EQ(other.place(now), timeline.place(now));
  ASSERT_TRUE(other.play_since(now));
  for (int i = 0; i < 20; ++i) {
    pass(7s);
    other.advance(now);
    EXPECT_EQ(other.place(now), timeline.place(now));
  }
}

// A shuffled pass holds every track once and begins with what played; unshuffled, what follows is the next by
// order.
TEST(PrivateTimelineLaws, AShuffledPassHoldsEveryTrackOnce) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 50; ++round) {
    const int count = 1 + static_cast<int>(random() % 30);
    PrivateTimeline timeline(kRate, {});
    const ServerTime now{1s};
    timeline.set_tracks(tracks(count), now);
    const TrackId current{1 + static_cast<std::int64_t>(random() % static_cast<unsigned>(count))};
    ASSERT_TRUE(timeline.choose(current, now));
    timeline.play(now);
    const auto turn = timeline.turn();
    timeline.shuffle(random());
    EXPECT_EQ(timeline.turn(), turn) << "what plays goes on";
    const auto entries = timeline.entries(0, frames_in(1h, kRate));
    ASSERT_EQ(entries.size(), static_cast<std::size_t>(count));
    EXPECT_EQ(entries.front().track, current);
    std::set<TrackId> seen;
    for (const auto& entry : entries) seen.insert(entry.track);
    EXPECT_EQ(seen.size(), entries.size());
    timeline.unshuffle();
    const auto rest = timeline.entries(0, frames_in(1h, kRate));
    EXPECT_EQ(rest.size(), static_cast<std::size_t>(count) - static_cast<std::size_t>(current.value) + 1);
  }
}

// Whatever is done to it: what entries() promised is what plays, for as long as nothing is done; and how
// often it is looked at makes no difference.
TEST(PrivateTimelineLaws, WhatIsPromisedIsHeard) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 40; ++round) {
    ServerTime now{50s};
    PrivateTimeline timeline(kRate, {});
    timeline.set_tracks(tracks(5), now);
    timeline.set_repeat(Repeat::all);
    for (int step = 0; step < 60; ++step) {
      switch (random() % 10) {
        case 0:
          timeline.pause(now);
          break;
        case 1:
          timeline.next(now);
          break;
        case 2:
          timeline.previous(now);
          break;
        case 3:
          timeline.seek(static_cast<Frames>(random() % (12 * kRate)), now);
          break;
        case 4:
          timeline.shuffle(random());
          break;
        case 5:
          timeline.unshuffle();
          break;
        case 6:
          timeline.set_repeat(static_cast<Repeat>(random() % 3));
          break;
        case 7:
          timeline.set_tracks(tracks(2 + static_cast<int>(random() % 5)), now);
          break;
        case 8:
          timeline.pass_over(TrackId{static_cast<std::int64_t>(random() % 6)}, now);
          break;
        default:
          timeline.play(now);
      }
      if (!timeline.is_playing()) continue;
      const FrameClock clock = timeline.clock();
      const auto entries = timeline.entries(clock.frame_at(now), clock.frame_at(now + 100s));
      ASSERT_FALSE(entries.empty());
      for (std::size_t i = 1; i < entries.size(); ++i) ASSERT_EQ(entries[i].first, entries[i - 1].end());
      auto once = timeline;
      const auto turn = timeline.turn();
      const Duration wait{static_cast<std::int64_t>(random() % 30'000'000)};
      for (int part = 1; part <= 7; ++part) timeline.advance(now + wait * part / 7);
      now = now + wait;
      once.advance(now);
      ASSERT_EQ(once.state(now), timeline.state(now));
      if (!timeline.is_playing()) {
        EXPECT_LE(entries.back().end(), clock.frame_at(now));
        continue;
      }
      ASSERT_EQ(timeline.turn(), turn);
      const Frames here = std::max(clock.frame_at(now), clock.frame_at(timeline.heard_since()));
      const auto entry = std::find_if(entries.begin(), entries.end(),
                                      [&](const ProgrammeEntry& e) { return e.end() > here; });
      ASSERT_NE(entry, entries.end());
      EXPECT_EQ(timeline.place(now)->track, entry->track);
      EXPECT_EQ(timeline.place(now)->position, here - entry->first);
    }
  }
}

}  // namespace
}  // namespace tutti
