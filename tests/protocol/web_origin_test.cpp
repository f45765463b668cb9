#include "protocol/web_origin.h"

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

TEST(WebOrigin, ProgramsAndOwnPagesAreAllowed) {
  EXPECT_TRUE(is_allowed_origin("", "radio:9999", {}));
  EXPECT_TRUE(is_allowed_origin("http://radio:9999", "radio:9999", {}));
  EXPECT_TRUE(is_allowed_origin("http://Radio", "radio:80", {}));
  EXPECT_TRUE(is_allowed_origin("https://radio", "radio", {}));
  EXPECT_TRUE(is_allowed_origin("http://[::1]:9999", "[::1]:9999", {}));
}

TEST(WebOrigin, OthersAreNot) {
  for (const auto* origin : {"http://evil.example", "http://radio:9998", "http://radio", "null", "radio:9999",
                             "http://radio:9999.evil.example", "http://", "://", "http://eviradio:9999"}) {
    EXPECT_FALSE(is_allowed_origin(origin, "radio:9999", {})) << origin;
  }
  EXPECT_FALSE(is_allowed_origin("http://", "", {})) << "nothing is not the same as nothing";
  EXPECT_FALSE(is_allowed_origin("https://radio:80", "radio", {})) << "80 is not the port of https";
}

TEST(WebOrigin, ListedOnesAre) {
  EXPECT_TRUE(
      is_allowed_origin("https://app.example", "radio:9999", {"http://x", "https://app.example:443"}));
  EXPECT_FALSE(is_allowed_origin("http://app.example", "radio:9999", {"https://app.example"}));
  EXPECT_TRUE(is_allowed_origin("null", "radio:9999", {"*"}));
  EXPECT_FALSE(is_allowed_origin("null", "radio:9999", {"http://x"}));
}

TEST(WebOrigin, WhatTheOptionTakes) {
  for (const auto* good : {"*", "http://a", "https://a.example:8443", "http://[::1]:80"})
    EXPECT_TRUE(is_origin(good)) << good;
  for (const auto* bad :
       {"", "a.example", "ftp://a", "http://", "http://a/", "http://a/b", "http://u@a", "null"}) {
    EXPECT_FALSE(is_origin(bad)) << bad;
  }
}

}  // namespace
}  // namespace tutti::protocol
