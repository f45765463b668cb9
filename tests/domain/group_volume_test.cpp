#include "domain/group_volume.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(GroupVolume, IsTheAverage) {
  EXPECT_EQ(group_volume({}), std::nullopt);
  EXPECT_EQ(group_volume(std::vector{30}), 30);
  EXPECT_EQ(group_volume(std::vector{0, 100}), 50);
  EXPECT_EQ(group_volume(std::vector{1, 2}), 2) << "rounded";
}

TEST(GroupVolume, KeepsTheDistancesWhereBoundsAllow) {
  EXPECT_EQ(set_group_volume(std::vector{20, 40}, 50), (std::vector{40, 60}));
  EXPECT_EQ(set_group_volume(std::vector{20, 40}, 10), (std::vector{0, 20}));
  // 90 can give 10 of the 30; the others take on what it cannot.
  EXPECT_EQ(set_group_volume(std::vector{90, 30, 30}, 80), (std::vector{100, 70, 70}));
  // In two rounds: first 80, then 60 reaches its bound.
  EXPECT_EQ(set_group_volume(std::vector{80, 60, 10}, 85), (std::vector{100, 100, 55}));
}

TEST(GroupVolume, MuteIsThatOfAll) {
  const bool both[] = {true, true}, one[] = {true, false};
  EXPECT_TRUE(is_group_muted(both));
  EXPECT_FALSE(is_group_muted(one));
  EXPECT_FALSE(is_group_muted({}));
}

TEST(GroupVolume, LawsOfTheSpecification) {
  std::mt19937 random(7);
  const auto up_to = [&](int most) { return std::uniform_int_distribution(0, most)(random); };
  for (int round = 0; round < 5000; ++round) {
    std::vector<int> volumes(static_cast<std::size_t>(1 + up_to(9)));
    for (int& volume : volumes) volume = up_to(100);
    const int requested = up_to(100);
    const auto after = set_group_volume(volumes, requested);
    ASSERT_EQ(after.size(), volumes.size());
    for (const int volume : after) {
      ASSERT_GE(volume, 0);
      ASSERT_LE(volume, 100);
    }
    // 0 to 100 lies within everyone's bounds together, so the request is met.
    ASSERT_EQ(group_volume(after), requested);
    // Nobody overtakes anybody (whole numbers may differ by one from the exact ones).
    for (std::size_t i = 0; i < volumes.size(); ++i) {
      for (std::size_t j = 0; j < volumes.size(); ++j) {
        if (volumes[i] < volumes[j]) {
          ASSERT_LE(after[i], after[j] + 1);
        }
      }
    }
    if (requested == group_volume(volumes) &&
        std::accumulate(volumes.begin(), volumes.end(), 0) == requested * static_cast<int>(volumes.size())) {
      ASSERT_EQ(after, volumes) << "nothing to change";
    }
  }
}

}  // namespace
}  // namespace tutti
