#include "domain/personal_rotation.h"

#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace tutti {
namespace {

std::vector<RotationTrack> tracks(std::int64_t count) {
  std::vector<RotationTrack> out;
  for (std::int64_t i = 0; i < count; ++i) out.push_back({TrackId{i * 7 + 1}, 1000 + i});
  return out;
}

TEST(PersonalRotation, IsTheOrderOfARotation) {
  for (const auto order : {Rotation::Order::shuffled, Rotation::Order::by_path}) {
    for (const std::int64_t count : {1, 2, 3, 10, 60}) {
      for (std::uint64_t seed = 0; seed < 40; ++seed) {
        Rotation rotation(order, {seed, 0, {}, {}, 0});
        rotation.set_tracks(tracks(count));
        Rotation::State state{seed, 0, {}, {}, 0};
        for (std::int64_t i = 0; i < 5 * count; ++i) {
          const auto expected = rotation.next();
          ASSERT_EQ(next_personal_track(order, state, tracks(count)), expected)
              << count << " " << seed << " " << i;
          ASSERT_EQ(state, rotation.state());
        }
      }
    }
  }
}

TEST(PersonalRotation, EveryTrackOncePerCycleAndNoneTwiceInARow) {
  const auto all = tracks(50);
  Rotation::State state{123, 0, {}, {}, 0};
  std::optional<TrackId> last;
  for (int cycle = 0; cycle < 20; ++cycle) {
    std::set<TrackId> seen;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto track = next_personal_track(Rotation::Order::shuffled, state, all);
      EXPECT_NE(track->id, last);
      EXPECT_TRUE(seen.insert(track->id).second);
      last = track->id;
    }
  }
}

TEST(PersonalRotation, TheLibraryMayChangeAtAnyTime) {
  std::mt19937 random(9);
  for (const auto order : {Rotation::Order::shuffled, Rotation::Order::by_path}) {
    Rotation::State state{5, 0, {}, {}, 0};
    for (int i = 0; i < 5000; ++i) {
      auto some = tracks(static_cast<std::int64_t>(random() % 12));
      std::erase_if(some, [&](const auto&) { return random() % 3 == 0; });
      const auto last = state.last;
      const auto track = next_personal_track(order, state, some);
      ASSERT_EQ(track.has_value(), !some.empty());
      if (!track) continue;
      ASSERT_NE(std::ranges::find(some, *track), some.end());
      if (some.size() > 1 && order == Rotation::Order::shuffled && last) {
        ASSERT_NE(track->id, *last);
      }
    }
  }
}

TEST(PersonalRotation, ListenersWithOtherSeedsHearOtherOrders) {
  const auto all = tracks(100);
  std::set<std::vector<std::int64_t>> orders;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rotation::State state{seed, 0, {}, {}, 0};
    std::vector<std::int64_t> order;
    for (int i = 0; i < 4; ++i)
      order.push_back(next_personal_track(Rotation::Order::shuffled, state, all)->id.value);
    orders.insert(order);
  }
  EXPECT_EQ(orders.size(), 200u);
}

}  // namespace
}  // namespace tutti
