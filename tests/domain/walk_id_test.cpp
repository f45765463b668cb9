#include "domain/walk_id.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(WalkId, IsTheFilesNameForAddresses) {
  EXPECT_EQ(walk_id("forest.wav"), "forest");
  EXPECT_EQ(walk_id("/walks/park/01 - The Old Bridge (take 2).flac"), "01-the-old-bridge-take-2");
  EXPECT_EQ(walk_id("Лес у моста.mp3"), "les-u-mosta");
  EXPECT_EQ(walk_id("Щука, ёж и Їжак.ogg"), "shchuka-yozh-i-yizhak");
  EXPECT_EQ(walk_id("no ending"), "no-ending");
  EXPECT_EQ(walk_id("森.mp3"), "audio");
  EXPECT_EQ(walk_id(""), "audio");
}

TEST(WalkId, IsFitForAnAddressWhateverTheName) {
  std::mt19937 random(5);
  for (int i = 0; i < 5000; ++i) {
    std::string name(random() % 200, '\0');
    for (char& each : name) each = static_cast<char>(random());
    const std::string id = walk_id(name);
    ASSERT_FALSE(id.empty());
    ASSERT_LE(id.size(), 60U);
    ASSERT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), id.npos) << id;
    ASSERT_NE(id.front(), '-');
    ASSERT_NE(id.back(), '-');
    ASSERT_EQ(id.find("--"), id.npos);
    ASSERT_EQ(walk_id(id), id);
  }
}

}  // namespace
}  // namespace tutti
