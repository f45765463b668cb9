#include "protocol/websocket_frame.h"

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes head(const FramePtr& frame, std::size_t size) {
  return {frame->bytes.begin(), frame->bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(WebSocketFrame, ExamplesOfTheRfc) {
  EXPECT_EQ(text_frame("Hello")->bytes, (Bytes{0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}));
  EXPECT_EQ(ping_frame("Hello")->bytes, (Bytes{0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}));
  EXPECT_EQ(head(binary_frame(Bytes(256)), 4), (Bytes{0x82, 0x7E, 0x01, 0x00}));
  EXPECT_EQ(head(binary_frame(Bytes(65536)), 10), (Bytes{0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0}));
}

TEST(WebSocketFrame, LengthTakesTheFewestBytes) {
  for (const auto& [payload, header] :
       {std::pair{0u, 2u}, {125u, 2u}, {126u, 4u}, {65535u, 4u}, {65536u, 10u}}) {
    EXPECT_EQ(binary_frame(Bytes(payload, 7))->bytes.size(), payload + header);
  }
}

TEST(WebSocketFrame, CloseCarriesItsCodeAndReason) {
  EXPECT_EQ(close_frame(kCloseGoingAway, "bye")->bytes, (Bytes{0x88, 0x05, 0x03, 0xE9, 'b', 'y', 'e'}));
}

TEST(WebSocketFrame, ControlFramesAreNeverLongerThan125Bytes) {
  EXPECT_EQ(ping_frame(std::string(200, 'x'))->bytes.size(), 127u);
  EXPECT_EQ(pong_frame(std::string(200, 'x'))->bytes.size(), 127u);
  // 122 letters and a character of two bytes: it does not fit whole, so it goes.
  const auto frame = close_frame(1000, std::string(122, 'x') + "é" + "yz");
  EXPECT_EQ(frame->bytes.size(), 2u + 2u + 122u);
}

}  // namespace
}  // namespace tutti::protocol
