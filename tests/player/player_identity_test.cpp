#include "player/player_identity.h"

#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

class PlayerIdentityTest : public testing::Test {
 protected:
  PlayerIdentityTest() { std::filesystem::create_directories(folder_); }
  ~PlayerIdentityTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_ =
      (std::filesystem::temp_directory_path() / ("tutti-identity-" + std::to_string(::getpid()))).string();
};

TEST_F(PlayerIdentityTest, IsTheSameEachTime) {
  const std::string id = PlayerIdentity::claim(folder_, "Küche / oben").id();
  EXPECT_GE(id.size(), 20u);
  EXPECT_EQ(PlayerIdentity::claim(folder_, "Küche / oben").id(), id);
  EXPECT_NE(PlayerIdentity::claim(folder_, "Bad").id(), id);
}

TEST_F(PlayerIdentityTest, IsAnotherForEachThatRuns) {
  std::string first_id, second_id;
  {
    const auto first = PlayerIdentity::claim(folder_, "Name");
    const auto second = PlayerIdentity::claim(folder_, "Name");
    first_id = first.id();
    second_id = second.id();
    EXPECT_NE(first_id, second_id);
  }
  const auto first = PlayerIdentity::claim(folder_, "Name");
  const auto second = PlayerIdentity::claim(folder_, "Name");
  EXPECT_EQ(first.id(), first_id);
  EXPECT_EQ(second.id(), second_id);
}

TEST_F(PlayerIdentityTest, LastsAsLongAsThePlayerWhereNothingCanBeKept) {
  EXPECT_GE(PlayerIdentity::claim("/proc/nowhere", "Name").id().size(), 20u);
}

}  // namespace
}  // namespace tutti::player
