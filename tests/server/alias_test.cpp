#include "server/alias.h"

#include <gtest/gtest.h>

namespace tutti::server {
namespace {

TEST(Alias, IsAPortAndAPath) {
  const auto alias = parse_alias("5009=/cues");
  ASSERT_TRUE(alias);
  EXPECT_EQ(alias->port, 5009);
  EXPECT_EQ(alias->path, "/cues");
  EXPECT_EQ(parse_alias("0=/a/b/").value().path, "/a/b");
}

TEST(Alias, NothingElse) {
  for (const auto* text : {"", "5009", "5009=", "5009=cues", "=/cues", "65536=/cues", "-1=/cues",
                           "5009x=/cues", "/cues=5009", "5009=/a?b"}) {
    const auto alias = parse_alias(text);
    EXPECT_FALSE(alias) << text;
    if (!alias) {
      EXPECT_FALSE(alias.error().message.empty());
    }
  }
}

}  // namespace
}  // namespace tutti::server
