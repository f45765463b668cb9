#include "domain/programme.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace tutti {
namespace {

constexpr int kRate = 44100;
constexpr Frames kMinute = Frames{60} * kRate;

std::vector<RotationTrack> tracks(std::vector<std::int64_t> ids) {
  std::vector<RotationTrack> out;
  for (const auto id : ids) out.push_back({TrackId{id}, kMinute * 3 + id * 77'777});
  return out;
}

Programme programme(std::uint64_t seed, std::vector<std::int64_t> ids) {
  Programme out(Rotation::Order::shuffled, {{seed, 0, {}, {}, 0}, {}});
  out.set_tracks(tracks(std::move(ids)), 0);
  return out;
}

void expect_consecutive(const Programme& programme) {
  const auto& entries = programme.entries();
  for (std::size_t i = 1; i < entries.size(); ++i) {
    ASSERT_EQ(entries[i].first, entries[i - 1].end()) << "entry " << i;
    ASSERT_GT(entries[i].length, 0);
  }
}

TEST(Programme, AtAnyTimeExactlyOneTrackIsOnAirForAYear) {
  Programme station = programme(42, {1, 2, 3, 4, 5, 6, 7});
  std::mt19937_64 random(5);
  Frames now = 0, sum = 0;
  const Frames year = Frames{kRate} * 86400 * 365;
  std::optional<ProgrammeEntry> last;
  while (now < year) {
    station.extend(now, now + 10 * kMinute);
    const ProgrammeEntry* entry = station.at(now);
    ASSERT_NE(entry, nullptr) << now;
    ASSERT_GE(now, entry->first);
    ASSERT_LT(now, entry->end());
    ASSERT_GE(station.entries().back().end(), now + 10 * kMinute);
    ASSERT_LE(station.entries().size(), Programme::kHistory + 6);
    if (last && entry->first == last->end()) sum += last->length;
    last = *entry;
    now += static_cast<Frames>(random() % static_cast<std::uint64_t>(8 * kMinute));
  }
  // Positions are sums of whole lengths: over a year there is nothing that could have drifted.
  expect_consecutive(station);
  EXPECT_GT(sum, 0);
}

TEST(Programme, SteppingThroughAYearEqualsTheSumOfLengths) {
  Programme station = programme(1, {1, 2, 3});
  Frames expected = 0;
  for (Frames now = 0; now < Frames{kRate} * 86400 * 365; now = station.entries().back().end()) {
    const std::size_t before = station.entries().size();
    const Frames end = before ? station.entries().back().end() : 0;
    station.extend(now, now + 1);
    ASSERT_EQ(station.entries().back().first, end);
    expected += station.entries().back().length;
    ASSERT_EQ(station.entries().back().end(), expected);
  }
}

TEST(Programme, ContinuesFromItsStoredStateWhereItWouldHaveBeen) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Programme station = programme(seed, {1, 2, 3, 4, 5});
    station.extend(0, 10 * kMinute);
    Programme restarted(Rotation::Order::shuffled, station.state());
    restarted.set_tracks(tracks({1, 2, 3, 4, 5}), 0);
    // One was asked all the time, the other slept through an hour.
    for (Frames now = 0; now <= 60 * kMinute; now += kMinute / 2) station.extend(now, now + 10 * kMinute);
    restarted.extend(60 * kMinute, 70 * kMinute);
    ASSERT_EQ(*station.at(60 * kMinute), *restarted.at(60 * kMinute)) << seed;
    ASSERT_EQ(station.entries().back(), restarted.entries().back()) << seed;
  }
}

TEST(Programme, CatchesUpOverYearsAtOnce) {
  Programme station(Rotation::Order::shuffled, {{9, 0, {}, {}, 0}, {}});
  station.set_tracks({{TrackId{1}, kRate / 2}, {TrackId{2}, kRate}}, 0);
  station.extend(0, 10 * kMinute);
  const Frames now = Frames{kRate} * 86400 * 365 * 20;
  station.extend(now, now + 10 * kMinute);
  ASSERT_NE(station.at(now), nullptr);
  EXPECT_GE(station.entries().back().end(), now + 10 * kMinute);
}

TEST(Programme, WhatHasBegunStaysAndANewTrackEntersLater) {
  Programme station = programme(3, {1, 2, 3});
  station.extend(0, 20 * kMinute);
  const auto before = station.entries();
  station.set_tracks(tracks({1, 2, 3, 4}), 5 * kMinute);
  EXPECT_EQ(station.entries(), before) << "what is committed does not change";
  bool heard = false;
  station.extend(0, 60 * kMinute);
  for (const auto& entry : station.entries()) heard = heard || entry.track == TrackId{4};
  EXPECT_TRUE(heard);
}

TEST(Programme, ARemovedTrackLeavesOnlyWhatHasNotBegun) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 300; ++round) {
    Programme station = programme(random(), {1, 2, 3, 4});
    station.extend(0, 30 * kMinute);
    const Frames now = static_cast<Frames>(random() % static_cast<std::uint64_t>(25 * kMinute));
    const ProgrammeEntry current = *station.at(now);
    const auto gone = static_cast<std::int64_t>(1 + random() % 4);
    std::vector<std::int64_t> left{1, 2, 3, 4};
    std::erase(left, gone);
    station.set_tracks(tracks(left), now);
    station.extend(now, now + 10 * kMinute);
    ASSERT_EQ(*station.at(now), current) << "the track that plays is not cut";
    TrackId last{};
    for (const auto& entry : station.entries()) {
      if (entry.first >= now) {
        ASSERT_NE(entry.track, TrackId{gone});
      }
      ASSERT_NE(entry.track, last) << "nothing follows itself";
      last = entry.track;
    }
    expect_consecutive(station);
  }
}

TEST(Programme, AnEmptyStationComesAliveNow) {
  Programme station = programme(1, {});
  EXPECT_FALSE(station.extend(kMinute, 11 * kMinute));
  EXPECT_EQ(station.at(kMinute), nullptr);
  station.set_tracks(tracks({1}), kMinute);
  EXPECT_TRUE(station.extend(5 * kMinute, 15 * kMinute));
  ASSERT_NE(station.at(5 * kMinute), nullptr);
  EXPECT_EQ(station.at(5 * kMinute)->first, 5 * kMinute) << "from its beginning";
}

TEST(Programme, CutEndsTheTrackOnAirAndMovesUpTheNext) {
  Programme station = programme(2, {1, 2, 3});
  station.extend(0, 20 * kMinute);
  const auto next = station.entries()[1];
  station.cut(kMinute);
  expect_consecutive(station);
  EXPECT_EQ(station.entries()[0].end(), kMinute);
  EXPECT_EQ(station.at(kMinute)->track, next.track);
  const auto after = station.entries()[2];
  station.cut(kMinute);  // at its very beginning: it leaves altogether
  expect_consecutive(station);
  EXPECT_EQ(station.at(kMinute)->track, after.track);
}

std::vector<std::int64_t> heard(const Programme& programme) {
  std::vector<std::int64_t> out;
  for (const auto& entry : programme.entries()) out.push_back(entry.track.value);
  return out;
}

TEST(Programme, BackPlaysWhatWasBeforeAndGoesOn) {
  Programme station(Rotation::Order::by_path, {});
  station.set_tracks(tracks({1, 2, 3, 4, 5}), 0);
  station.extend(0, 17 * kMinute);
  const Frames third = station.entries()[2].first;
  station.back(third + kMinute);
  expect_consecutive(station);
  EXPECT_EQ(heard(station), (std::vector<std::int64_t>{1, 2, 3, 2, 3, 4, 5, 1}));
  EXPECT_EQ(station.at(third + kMinute)->first, third + kMinute) << "from its beginning";
  // Again while that one plays: further back, not to and fro.
  station.back(third + 2 * kMinute);
  EXPECT_EQ(heard(station), (std::vector<std::int64_t>{1, 2, 3, 2, 1, 2, 3, 4, 5, 1}));
  // Nothing is before the first: it begins anew.
  station.back(third + 3 * kMinute);
  EXPECT_EQ(heard(station), (std::vector<std::int64_t>{1, 2, 3, 2, 1, 1, 2, 3, 4, 5, 1}));
  station.cut(third + 4 * kMinute);
  EXPECT_EQ(station.at(third + 4 * kMinute)->track, TrackId{2}) << "and next goes on from there";
  expect_consecutive(station);
}

TEST(Programme, BackTwiceAtTheSameMomentGoesTwoBack) {
  Programme station(Rotation::Order::by_path, {});
  station.set_tracks(tracks({1, 2, 3, 4}), 0);
  station.extend(0, 15 * kMinute);
  const Frames at = station.entries()[3].first + kMinute;
  station.back(at);
  station.back(at);
  EXPECT_EQ(station.at(at)->track, TrackId{2});
  expect_consecutive(station);
}

TEST(Programme, BackPassesOverFilesThatHaveGone) {
  Programme station(Rotation::Order::by_path, {});
  station.set_tracks(tracks({1, 2, 3, 4}), 0);
  station.extend(0, 12 * kMinute);
  const Frames at = station.entries()[2].first + kMinute;
  station.set_tracks(tracks({1, 3, 4}), at);
  station.back(at);
  EXPECT_EQ(station.at(at)->track, TrackId{1});
}

TEST(Programme, ReorderingChangesOnlyWhatIsToCome) {
  Programme station = programme(7, {1, 2, 3, 4, 5, 6, 7, 8});
  station.extend(0, 30 * kMinute);
  const Frames now = 5 * kMinute;
  const auto current = *station.at(now);
  station.reorder(Rotation::Order::by_path, 0, now);
  station.extend(now, 60 * kMinute);
  EXPECT_EQ(*station.at(now), current);
  expect_consecutive(station);
  // By path from what follows the track on air.
  std::int64_t expected = current.track.value;
  for (const auto& entry : station.entries()) {
    if (entry.first <= now) continue;
    expected = expected % 8 + 1;
    EXPECT_EQ(entry.track.value, expected);
  }
  const auto by_path = heard(station);
  station.reorder(Rotation::Order::shuffled, 99, now);
  station.extend(now, 60 * kMinute);
  EXPECT_NE(heard(station), by_path);
  EXPECT_EQ(*station.at(now), current);
  expect_consecutive(station);
}

TEST(Programme, ForgettingTheHistoryLeavesWhatPlays) {
  Programme station = programme(7, {1, 2, 3});
  station.extend(0, 30 * kMinute);
  const Frames now = 15 * kMinute;
  const auto current = *station.at(now);
  station.forget_history(now);
  EXPECT_EQ(station.entries().front(), current);
  station.back(now);
  EXPECT_EQ(station.at(now)->track, current.track) << "from its beginning, as nothing is known before it";
}

// Whatever operators and the library do in whatever order, the programme's laws hold: consecutive entries of
// some length, one on air at any time, what has been made already as it was, and its size bounded.
TEST(Programme, ItsLawsHoldWhateverIsDoneToIt) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    Programme station = programme(seed, {1, 2, 3, 4, 5, 6});
    Frames now = 0;
    for (int step = 0; step < 150; ++step) {
      now += static_cast<Frames>(random() % static_cast<std::uint64_t>(3 * kMinute));
      station.extend(now, now + 10 * kMinute);
      const Frames unmade = now + static_cast<Frames>(random() % 3) * kRate;
      const auto before = station.entries();
      switch (random() % 7) {
        case 0:
        case 1:
          station.cut(unmade);
          break;
        case 2:
        case 3:
          station.back(unmade);
          break;
        case 4:
          station.reorder(random() % 2 ? Rotation::Order::shuffled : Rotation::Order::by_path, random(),
                          unmade);
          break;
        case 5:
          station.forget_history(now);
          break;
        default:
          std::vector<std::int64_t> left{1, 2, 3, 4, 5, 6};
          std::erase(left, static_cast<std::int64_t>(1 + random() % 6));
          station.set_tracks(tracks(left), unmade + 5 * kRate);
      }
      station.extend(now, now + 10 * kMinute);
      expect_consecutive(station);
      for (const auto& entry : before) {
        for (const Frames frame : {std::max(entry.first, now), std::min(entry.end(), unmade) - 1}) {
          if (frame < now || frame >= unmade || frame < entry.first || frame >= entry.end()) continue;
          ASSERT_NE(station.at(frame), nullptr) << seed << " " << step;
          ASSERT_EQ(station.at(frame)->track, entry.track) << seed << " " << step;
          ASSERT_EQ(station.at(frame)->first, entry.first) << "what is made is made";
        }
      }
      ASSERT_NE(station.at(now), nullptr);
      ASSERT_NE(station.at(unmade), nullptr);
      ASSERT_GE(station.entries().back().end(), now + 10 * kMinute);
      ASSERT_LE(station.entries().size(), Programme::kHistory + 40);
    }
    Programme restarted(Rotation::Order::shuffled, station.state());
    ASSERT_EQ(restarted.entries(), station.entries());
  }
}

}  // namespace
}  // namespace tutti
