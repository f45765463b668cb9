#include "protocol/websocket_url.h"

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

TEST(WebSocketUrl, TakenApart) {
  const auto url = parse_websocket_url("ws://radio.example:9999/pcm?track=a%20b");
  ASSERT_TRUE(url);
  EXPECT_FALSE(url->is_tls);
  EXPECT_EQ(url->host, "radio.example");
  EXPECT_EQ(url->port, "9999");
  EXPECT_EQ(url->target, "/pcm?track=a%20b");
  EXPECT_EQ(url->path, "/pcm");
  EXPECT_EQ(url->authority(), "radio.example:9999");
}

TEST(WebSocketUrl, WhatIsLeftOutHasItsUsualValue) {
  EXPECT_EQ(parse_websocket_url("ws://host")->port, "80");
  EXPECT_EQ(parse_websocket_url("ws://host")->target, "/");
  EXPECT_EQ(parse_websocket_url("ws://host")->authority(), "host");
  EXPECT_EQ(parse_websocket_url("ws://host?x=1")->target, "/?x=1");
  EXPECT_EQ(parse_websocket_url("wss://host:/audio")->port, "443");
  for (const auto* text : {"WSS://host/audio", "https://host/audio"}) {
    const auto url = parse_websocket_url(text);
    ASSERT_TRUE(url) << text;
    EXPECT_TRUE(url->is_tls);
  }
  EXPECT_EQ(parse_websocket_url("http://host/%D1%8F/audio")->path, "/я/audio");
}

TEST(WebSocketUrl, AnIPv6AddressHasBracketsForPeopleOnly) {
  const auto url = parse_websocket_url("ws://[::1]:8000/audio");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->authority(), "[::1]:8000");
}

TEST(WebSocketUrl, WhatIsNoneIsNamed) {
  for (const char* text :
       {"", "localhost:9999/pcm", "ftp://host/pcm", "ws:///pcm", "ws://host:99999/pcm", "ws://host:0/",
        "ws://me:secret@host/pcm", "ws://pppp%00/", "ws://a%2Fb/", "ws://a%0D%0Ab/", "ws://host/pcm#here",
        "ws://ho st/", "pcm", "ws://host/\r\nX: y"}) {
    const auto url = parse_websocket_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().message.find("secret"), std::string::npos);
    EXPECT_EQ(url.error().message.find('\n'), std::string::npos);
  }
  EXPECT_FALSE(parse_websocket_url("ws://host/" + std::string(5000, 'x')));
}

}  // namespace
}  // namespace tutti::protocol
