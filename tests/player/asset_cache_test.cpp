#include "player/asset_cache.h"

#include "base/sha256.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

namespace fs = std::filesystem;

const auto kOn = [] { return false; };

class AssetCacheTest : public testing::Test {
 protected:
  ~AssetCacheTest() override { fs::remove_all(folder_); }

  AssetCache open(std::int64_t most = 1000) { return *AssetCache::open(folder_ / "cache", most); }
  static std::span<const std::uint8_t> bytes(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }
  // Brings a file into it; its hash.
  static std::string put(const AssetCache& cache, const std::string& text) {
    const std::string hash = sha256_of(text);
    auto partial = cache.open_partial(hash);
    EXPECT_TRUE(partial && partial->append(bytes(text)) && partial->finish(cache.path_of(hash)));
    return hash;
  }

  fs::path folder_ = fs::temp_directory_path() / ("tutti-asset-cache-" + std::to_string(::getpid()));
};

TEST_F(AssetCacheTest, AFileGoesOnWhereItBrokeOff) {
  const auto cache = open();
  const std::string hash = sha256_of("half and half");
  ASSERT_TRUE(cache.open_partial(hash)->append(bytes("half and")));
  auto partial = cache.open_partial(hash);
  ASSERT_TRUE(partial);
  EXPECT_EQ(partial->have(), 8);
  ASSERT_TRUE(partial->append(bytes(" half")));
  EXPECT_EQ(*partial->hash(kOn), hash);
  EXPECT_FALSE(cache.has(hash, 13, kOn)) << "under its own name only when it is whole";
  ASSERT_TRUE(partial->finish(cache.path_of(hash)));
  EXPECT_TRUE(cache.has(hash, 13, kOn));
}

TEST_F(AssetCacheTest, OneWriterAtATime) {
  const auto cache = open();
  const auto first = cache.open_partial("a");
  ASSERT_TRUE(first);
  EXPECT_FALSE(cache.open_partial("a"));
  EXPECT_TRUE(cache.open_partial("b"));
}

TEST_F(AssetCacheTest, WhatIsSpoiltIsRemoved) {
  const auto cache = open();
  const std::string hash = put(cache, "sound");
  std::ofstream(cache.path_of(hash)) << "s0und";
  EXPECT_FALSE(cache.has(hash, 5, kOn));
  EXPECT_FALSE(fs::exists(cache.path_of(hash)));
  put(cache, "sound");
  EXPECT_FALSE(cache.has(hash, 5, [] { return true; })) << "stopped";
  EXPECT_TRUE(cache.has(hash, 5, kOn)) << "and not removed for it";
}

TEST_F(AssetCacheTest, WhatWasNotUsedForLongestMakesRoom) {
  const auto cache = open(30);
  const auto old = put(cache, "0123456789");
  const auto kept = put(cache, "1123456789");
  const auto used = put(cache, "2123456789");
  const auto now = fs::file_time_type::clock::now();
  fs::last_write_time(cache.path_of(kept), now - std::chrono::hours(3));
  fs::last_write_time(cache.path_of(old), now - std::chrono::hours(2));
  fs::last_write_time(cache.path_of(used), now - std::chrono::hours(1));
  std::ofstream(folder_ / "cache" / "notes.txt") << "somebody's own";
  ASSERT_TRUE(cache.make_room(10, {kept}));
  EXPECT_FALSE(fs::exists(cache.path_of(old)));
  EXPECT_TRUE(fs::exists(cache.path_of(kept)) && fs::exists(cache.path_of(used)));
  EXPECT_TRUE(fs::exists(folder_ / "cache" / "notes.txt"));
  const auto full = cache.make_room(25, {kept});
  ASSERT_FALSE(full);
  EXPECT_NE(full.error().message.find("--walk-cache-size"), std::string::npos);
}

TEST_F(AssetCacheTest, AFolderThatCannotBeIsSaid) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "file") << "x";
  EXPECT_FALSE(AssetCache::open(folder_ / "file" / "cache", 1));
}

}  // namespace
}  // namespace tutti::player
