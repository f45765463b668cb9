#include "storage/redis_walk_store.h"

#include "tests/storage/private_redis.h"

#include <filesystem>
#include <future>

#include <gtest/gtest.h>

namespace tutti::storage {
namespace {

// Only what this test needs of a walk.
RedisWalkStore::Settings counting() {
  return {[](const app::StoredWalk& walk) { return std::to_string(walk.counts.cue); },
          [](const std::string& text) -> Result<app::StoredWalk> {
            if (text.empty() || text[0] < '0' || text[0] > '9') return fail("no number");
            app::StoredWalk walk;
            walk.counts.cue = std::stoi(text);
            return walk;
          },
          {},
          {}};
}

app::StoredWalk numbered(std::int64_t cue) {
  app::StoredWalk walk;
  walk.counts.cue = cue;
  return walk;
}

Result<void> save(RedisWalkStore& store, std::int64_t cue) {
  std::promise<Result<void>> saved;
  store.save_walk("/park", numbered(cue), [&](const Result<void>& result) { saved.set_value(result); });
  return saved.get_future().get();
}

class RedisWalkStoreTest : public testing::Test {
 protected:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("tutti-walk-redis-" + std::to_string(::getpid()));
  PrivateRedis redis_{folder_};
};

TEST_F(RedisWalkStoreTest, WhatWasSavedWhileRedisWasAwayIsStoredWhenItIsBack) {
  RedisWalkStore store(redis_.address(), counting());
  ASSERT_TRUE(save(store, 1));
  redis_.stop();
  EXPECT_FALSE(save(store, 2));
  EXPECT_FALSE(save(store, 3));
  redis_.start();
  std::int64_t kept = 0;
  for (int i = 0; i < 1000 && kept != 3; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const auto loaded = store.load_walk("/park");
    ASSERT_TRUE(loaded && *loaded);
    kept = (*loaded)->counts.cue;
  }
  EXPECT_EQ(kept, 3);
}

TEST_F(RedisWalkStoreTest, WhatCannotBeReadIsSaid) {
  auto connection = RedisConnection::open(redis_.address());
  ASSERT_TRUE(connection);
  ASSERT_TRUE(connection->ask({"HSET", "walks", "/park", "?"}));
  RedisWalkStore store(redis_.address(), counting());
  const auto loaded = store.load_walk("/park");
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("HDEL walks"), std::string::npos) << loaded.error().message;
}

}  // namespace
}  // namespace tutti::storage
