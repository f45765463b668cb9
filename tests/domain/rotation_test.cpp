#include "domain/rotation.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace tutti {
namespace {

std::vector<RotationTrack> tracks(std::int64_t count, Frames length = 1000) {
  std::vector<RotationTrack> out;
  for (std::int64_t id = 1; id <= count; ++id) out.push_back({TrackId{id}, length + id});
  return out;
}

Rotation shuffled(std::uint64_t seed) { return {Rotation::Order::shuffled, {seed, 0, {}, {}, 0}}; }

TEST(Rotation, EveryCycleHoldsEveryTrackOnce) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    for (const std::int64_t count : {1, 2, 3, 7, 40}) {
      Rotation rotation = shuffled(seed);
      rotation.set_tracks(tracks(count));
      for (int cycle = 0; cycle < 5; ++cycle) {
        std::set<TrackId> seen;
        for (std::int64_t i = 0; i < count; ++i) seen.insert(rotation.next().id);
        ASSERT_EQ(seen.size(), static_cast<std::size_t>(count)) << "seed " << seed << " cycle " << cycle;
      }
    }
  }
}

TEST(Rotation, NoTrackFollowsItselfWhileThereAreTwo) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    for (const std::int64_t count : {2, 3, 5}) {
      Rotation rotation = shuffled(seed);
      rotation.set_tracks(tracks(count));
      TrackId last{};
      for (int i = 0; i < 40; ++i) {
        const TrackId next = rotation.next().id;
        ASSERT_NE(next, last) << "seed " << seed << " of " << count << " at " << i;
        last = next;
      }
    }
  }
}

TEST(Rotation, CyclesDifferAndSeedsDiffer) {
  const auto first_cycle = [](std::uint64_t seed, int skip) {
    Rotation rotation = shuffled(seed);
    rotation.set_tracks(tracks(20));
    std::vector<TrackId> out;
    for (int i = 0; i < skip; ++i) rotation.next();
    for (int i = 0; i < 20; ++i) out.push_back(rotation.next().id);
    return out;
  };
  EXPECT_EQ(first_cycle(1, 0), first_cycle(1, 0));
  EXPECT_NE(first_cycle(1, 0), first_cycle(2, 0));
  EXPECT_NE(first_cycle(1, 0), first_cycle(1, 20));
}

TEST(Rotation, AShuffleIsFair) {
  // Each of 10 tracks comes first about as often as any other.
  std::map<std::int64_t, int> firsts;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    Rotation rotation = shuffled(seed);
    rotation.set_tracks(tracks(10));
    ++firsts[rotation.next().id.value];
  }
  for (const auto& [id, count] : firsts) EXPECT_NEAR(count, 1000, 150) << id;
}

TEST(Rotation, AStoredStateContinuesInTheSameWay) {
  for (const auto order : {Rotation::Order::shuffled, Rotation::Order::by_path}) {
    Rotation rotation(order, {7, 0, {}, {}, 0});
    rotation.set_tracks(tracks(9));
    for (int i = 0; i < 100; ++i) {
      Rotation copy(order, rotation.state());
      copy.set_tracks(tracks(9));
      Rotation reference = rotation;
      for (int k = 0; k < 30; ++k) ASSERT_EQ(copy.next().id, reference.next().id) << "after " << i;
      rotation.next();
    }
  }
}

TEST(Rotation, ByPathKeepsTheOrderWhenTracksComeAndGo) {
  Rotation rotation(Rotation::Order::by_path, {});
  rotation.set_tracks(tracks(4));
  EXPECT_EQ(rotation.next().id, TrackId{1});
  EXPECT_EQ(rotation.next().id, TrackId{2});
  auto changed = tracks(4);
  changed.erase(changed.begin() + 1);                    // the one that played last
  changed.insert(changed.begin(), {TrackId{100}, 500});  // and one in front
  rotation.set_tracks({changed[1], changed[2], changed[3]});
  EXPECT_EQ(rotation.next().id, TrackId{3});
  rotation.set_tracks(changed);
  EXPECT_EQ(rotation.next().id, TrackId{4});
  EXPECT_EQ(rotation.next().id, TrackId{100});
}

TEST(Rotation, ANewTrackPlaysWithinTwoCycles) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Rotation rotation = shuffled(seed);
    rotation.set_tracks(tracks(10));
    for (std::uint64_t i = 0; i < seed % 10; ++i) rotation.next();
    rotation.set_tracks(tracks(11));
    bool heard = false;
    for (int i = 0; i < 22 && !heard; ++i) heard = rotation.next().id == TrackId{11};
    ASSERT_TRUE(heard) << seed;
  }
}

TEST(Rotation, SkippedCyclesLastAsLongAsPlayedOnes) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 200; ++i) {
    Rotation rotation = shuffled(random());
    rotation.set_tracks(tracks(7));
    Frames cycle = 0;
    for (const auto& track : tracks(7)) cycle += track.length;
    for (std::uint64_t k = 0; k < random() % 20; ++k) rotation.next();
    const Frames gap = static_cast<Frames>(random() % 1'000'000'000);
    const Frames skipped = rotation.skip_cycles(gap);
    ASSERT_LE(skipped, gap);
    if (gap >= cycle * 15'000) {
      ASSERT_GT(skipped, gap - cycle);
    }
    std::set<TrackId> seen;
    if (skipped > 0) {
      for (int k = 0; k < 7; ++k) seen.insert(rotation.next().id);
      ASSERT_EQ(seen.size(), 7u) << "a whole cycle follows";
    }
  }
}

}  // namespace
}  // namespace tutti
