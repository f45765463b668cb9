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

}  // namespace
}  // namespace tutti
