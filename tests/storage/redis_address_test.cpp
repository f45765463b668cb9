#include "storage/redis_address.h"

#include <gtest/gtest.h>

namespace tutti::storage {
namespace {

TEST(RedisAddress, ReadsWhatPeopleWrite) {
  const auto plain = parse_redis_address("redis://localhost");
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(plain->host, "localhost");
  EXPECT_EQ(plain->port, 6379);
  EXPECT_EQ(plain->database, 0);
  EXPECT_EQ(plain->password, "");
  const auto all = parse_redis_address("redis://tutti:p%40ss:w%2Ford@[::1]:6380/15");
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->user, "tutti");
  EXPECT_EQ(all->password, "p@ss:w/ord");
  EXPECT_EQ(all->host, "::1");
  EXPECT_EQ(all->port, 6380);
  EXPECT_EQ(all->database, 15);
  EXPECT_EQ(all->shown(), "::1:6380/15");
  EXPECT_EQ(parse_redis_address("redis://:secret@h/")->password, "secret");
}

TEST(RedisAddress, SaysWhatIsWrongWithoutTheSecret) {
  for (const auto* url :
       {"", "redis:/x", "http://secret", "redis://", "redis://:6379", "redis://h:0", "redis://h:x",
        "redis://h:70000", "redis://h/x", "redis://secret@h", "redis://u:secret%4@h", "redis://u:secret%zz@h",
        "redis://[::1", "redis://[::1]6379", "rediss://u:secret@h"}) {
    const auto address = parse_redis_address(url);
    ASSERT_FALSE(address) << url;
    EXPECT_EQ(address.error().message.find("secret"), std::string::npos) << url;
    EXPECT_NE(address.error().message.find("redis://[user:password@]host"), std::string::npos);
  }
}

}  // namespace
}  // namespace tutti::storage
