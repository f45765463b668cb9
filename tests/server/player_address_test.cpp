#include "server/player_address.h"

#include <gtest/gtest.h>

namespace tutti::server {
namespace {

TEST(PlayerAddress, IsReadAsItIsTyped) {
  EXPECT_EQ(parse_player_address("ws://attic:8000/box?x=1")->url(), "ws://attic:8000/box?x=1");
  EXPECT_EQ(parse_player_address("ws://192.168.0.9")->url(), "ws://192.168.0.9:8928/sendspin");
  EXPECT_EQ(parse_player_address("ws://attic:80/")->url(), "ws://attic:80/sendspin");
  EXPECT_EQ(parse_player_address("ws://[fd00::1]/a")->url(), "ws://[fd00::1]:8928/a");
  EXPECT_EQ(parse_player_address("ws://[fd00::1]:81/a")->url(), "ws://[fd00::1]:81/a");
}

TEST(PlayerAddress, IsRefusedWhereItIsNone) {
  for (const char* each :
       {"", "attic", "wss://attic/", "ftp://attic", "ws://", "ws://user@attic", "ws://attic:0"}) {
    EXPECT_FALSE(parse_player_address(each)) << each;
  }
}

TEST(PlayerAddress, APathIsWhatMayStandInARequest) {
  EXPECT_TRUE(is_player_path("/sendspin"));
  EXPECT_FALSE(is_player_path(""));
  EXPECT_FALSE(is_player_path("sendspin"));
  EXPECT_FALSE(is_player_path("/a b"));
  EXPECT_FALSE(is_player_path("/a\r\nHost: b"));
  EXPECT_FALSE(is_player_path("/" + std::string(2000, 'a')));
}

}  // namespace
}  // namespace tutti::server
