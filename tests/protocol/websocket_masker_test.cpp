#include "protocol/websocket_masker.h"

#include "protocol/websocket_frame.h"
#include "protocol/websocket_reader.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(WebSocketMasker, ExampleOfTheRfc) {
  WebSocketMasker masker([] { return WebSocketMasker::Key{0x37, 0xfa, 0x21, 0x3d}; });
  Bytes out;
  masker.mask(text_frame("Hello")->bytes, out);
  EXPECT_EQ(out, (Bytes{0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));
}

TEST(WebSocketMasker, EachFrameHasAKeyOfItsOwnAlsoAnEmptyOne) {
  int drawn = 0;
  WebSocketMasker masker([&drawn] {
    ++drawn;
    return WebSocketMasker::Key{};
  });
  Bytes out;
  masker.mask(ping_frame("")->bytes, out);
  masker.mask(text_frame("a")->bytes, out);
  EXPECT_EQ(drawn, 2);
  EXPECT_EQ(out, (Bytes{0x89, 0x80, 0, 0, 0, 0, 0x81, 0x81, 0, 0, 0, 0, 'a'}));
}

// Frames of all kinds of lengths, cut anywhere: a server reads what was meant.
TEST(WebSocketMasker, AServerReadsWhatWasSentHoweverItIsCut) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> sent;
    Bytes bytes;
    for (int i = 0; i < 6; ++i) {
      const std::size_t sizes[] = {0, 1, 125, 126, 127, 300, 65'535, 65'536, 70'000};
      std::string text(sizes[random() % std::size(sizes)], ' ');
      for (char& c : text) c = static_cast<char>('a' + random() % 26);
      const auto frame = text_frame(text);
      bytes.insert(bytes.end(), frame->bytes.begin(), frame->bytes.end());
      sent.push_back(std::move(text));
    }
    WebSocketMasker masker([&random] {
      WebSocketMasker::Key key{};
      for (auto& byte : key) byte = static_cast<std::uint8_t>(random());
      return key;
    });
    Bytes masked;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size =
          std::min<std::size_t>(bytes.size() - at, 1 + random() % (round % 2 == 0 ? 7 : 50'000));
      masker.mask(std::span(bytes).subspan(at, size), masked);
      at += size;
    }
    WebSocketReader reader(100'000);
    reader.feed(masked);
    std::vector<std::string> read;
    while (const auto event = reader.next()) {
      ASSERT_EQ(event->kind, WebSocketEvent::Kind::text) << event->payload;
      read.emplace_back(event->payload);
    }
    EXPECT_EQ(read, sent);
    EXPECT_TRUE(reader.is_at_rest());
  }
}

}  // namespace
}  // namespace tutti::protocol
