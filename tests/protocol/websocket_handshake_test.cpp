#include "protocol/websocket_handshake.h"

#include <algorithm>

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

TEST(WebSocketHandshake, AKeyIsTheNonceInBase64) {
  HandshakeNonce nonce{};
  const std::string_view example = "the sample nonce";
  std::copy(example.begin(), example.end(), nonce.begin());
  EXPECT_EQ(key_of(nonce), good().key);
}

TEST(WebSocketHandshake, OnlyTheAnswerToWhatWasAskedIsTaken) {
  const UpgradeAnswer right{101, "Upgrade", "WebSocket", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", ""};
  EXPECT_TRUE(check_answer(right, good().key));
  auto wrong = right;
  wrong.status = 200;
  EXPECT_FALSE(check_answer(wrong, good().key));
  wrong = right;
  wrong.accept = "t3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  EXPECT_FALSE(check_answer(wrong, good().key));
  wrong = right;
  wrong.upgrade = "h2c";
  EXPECT_FALSE(check_answer(wrong, good().key));
  wrong = right;
  wrong.connection = "close";
  EXPECT_FALSE(check_answer(wrong, good().key));
  wrong = right;
  wrong.extensions = "permessage-deflate";
  EXPECT_FALSE(check_answer(wrong, good().key));
}

}  // namespace
}  // namespace tutti::protocol
