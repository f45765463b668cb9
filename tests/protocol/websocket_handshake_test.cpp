#include "protocol/websocket_handshake.h"

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

UpgradeRequest good() {
  return {true, true, "keep-alive, Upgrade", "websocket", "13", "dGhlIHNhbXBsZSBub25jZQ=="};
}

TEST(WebSocketHandshake, ExampleOfTheRfc) {
  ASSERT_TRUE(asks_for_websocket(good()));
  EXPECT_EQ(accept_upgrade(good()), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocketHandshake, HeadersAreListsOfTokensInAnyCase) {
  auto request = good();
  request.upgrade = "h2c ,\tWebSocket";
  request.connection = "UPGRADE";
  EXPECT_TRUE(asks_for_websocket(request));
  request.upgrade = "websockets";
  EXPECT_FALSE(asks_for_websocket(request));
  request = good();
  request.connection = "keep-alive";
  EXPECT_FALSE(asks_for_websocket(request));
  EXPECT_FALSE(asks_for_websocket({}));
}

unsigned refusal(const UpgradeRequest& request) {
  const auto accepted = accept_upgrade(request);
  return accepted ? 101 : accepted.error().status;
}

TEST(WebSocketHandshake, RefusesWhatIsNotProper) {
  auto request = good();
  request.version = "8";
  EXPECT_EQ(refusal(request), 426u);
  request.version = "";
  EXPECT_EQ(refusal(request), 426u);
  request = good();
  request.is_get = false;
  EXPECT_EQ(refusal(request), 400u);
  request = good();
  request.is_http_1_1 = false;
  EXPECT_EQ(refusal(request), 400u);
  for (const auto* key : {"", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZSE=",
                          "dGhlIHNhbXBsZSBub25j!Q==", "dGhlIHNhbXBsZSBub25jZQ==,dGhlIHNhbXBsZSBub25jZQ=="}) {
    request = good();
    request.key = key;
    EXPECT_EQ(refusal(request), 400u) << key;
  }
}

}  // namespace
}  // namespace tutti::protocol
