#include "protocol/websocket_reader.h"

#include "protocol/websocket_frame.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using Kind = WebSocketEvent::Kind;

struct Seen {
  Kind kind;
  std::string payload;
  std::uint16_t code = 0;
  bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << static_cast<int>(seen.kind) << " '" << seen.payload << "' " << seen.code;
}

constexpr std::uint8_t kFin = 0x80, kText = 1, kBinary = 2, kContinued = 0, kClosing = 8, kPing = 9,
                       kPong = 10;

// A client's frame. `first`: FIN, reserved bits, opcode.
std::string frame(unsigned first, const std::string& payload, bool masked = true) {
  constexpr std::string_view kMask = "\x37\xfa\x21\x3d";
  std::string out(1, static_cast<char>(first));
  const auto size = payload.size();
  const unsigned bit = masked ? 0x80 : 0;
  if (size < 126) {
    out += static_cast<char>(bit | size);
  } else if (size < 65536) {
    out += {static_cast<char>(bit | 126), static_cast<char>(size >> 8), static_cast<char>(size)};
  } else {
    out += static_cast<char>(bit | 127);
    for (int i = 7; i >= 0; --i) out += static_cast<char>(size >> (8 * i));
  }
  if (masked) out += kMask;
  for (std::size_t i = 0; i < size; ++i) {
    out += masked ? static_cast<char>(payload[i] ^ kMask[i % 4]) : payload[i];
  }
  return out;
}

std::vector<Seen> feed(WebSocketReader& reader, std::string_view bytes) {
  std::vector<Seen> out;
  reader.feed({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  while (auto event = reader.next()) out.push_back({event->kind, std::string(event->payload), event->code});
  return out;
}

// In pieces of `piece` bytes, each in memory of its own, so that a look beyond it is found out by a
// sanitizer.
std::vector<Seen> read(std::string_view bytes, std::size_t piece = 1 << 20, std::size_t max_message = 65536) {
  WebSocketReader reader(max_message);
  std::vector<Seen> out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    for (auto& seen : feed(reader, std::string(bytes.substr(0, piece)))) out.push_back(std::move(seen));
  }
  return out;
}

// The code that `bytes` are refused with; it must not depend on how they are cut. 0: they are not.
std::uint16_t refusal(const std::string& bytes, std::size_t max_message = 65536) {
  const auto whole = read(bytes, 1 << 20, max_message), drip = read(bytes, 1, max_message);
  EXPECT_EQ(whole, drip);
  if (whole.empty() || whole.back().kind != Kind::violation) return 0;
  EXPECT_FALSE(whole.back().payload.empty());
  EXPECT_LE(whole.back().payload.size(), 123u);
  return whole.back().code;
}

std::string closing(unsigned code, const std::string& reason = "") {
  return frame(kFin | kClosing, std::string{static_cast<char>(code >> 8), static_cast<char>(code)} + reason);
}

TEST(WebSocketReader, MessagesComeWholeHoweverTheyAreCut) {
  const std::string bytes = frame(kFin | kText, "Olá") + frame(kFin | kBinary, std::string(70'000, '\xff')) +
                            frame(kFin | kText, "") + frame(kFin | kPing, "p") + frame(kFin | kPong, "");
  const std::vector<Seen> expected = {{Kind::text, "Olá"},
                                      {Kind::binary, std::string(70'000, '\xff')},
                                      {Kind::text, ""},
                                      {Kind::ping, "p"},
                                      {Kind::pong, ""}};
  for (const std::size_t piece : {1u, 2u, 7u, 4096u, 5000u, 1u << 20}) {
    EXPECT_EQ(read(bytes, piece, 70'000), expected) << piece;
  }
}

TEST(WebSocketReader, FragmentsAreJoinedAndControlFramesComeBetween) {
  const std::string bytes = frame(kText, "a\xc3") + frame(kFin | kPing, "between") + frame(kContinued, "") +
                            frame(kContinued, "\xa9") + frame(kFin | kContinued, "z");
  const std::vector<Seen> expected = {{Kind::ping, "between"}, {Kind::text, "aéz"}};
  EXPECT_EQ(read(bytes), expected);
  EXPECT_EQ(read(bytes, 1), expected);
}

TEST(WebSocketReader, HoldsNothingBetweenMessages) {
  WebSocketReader reader(1000);
  EXPECT_TRUE(reader.is_at_rest());
  const auto bytes = frame(kFin | kText, "abc");
  feed(reader, bytes.substr(0, 1));
  EXPECT_FALSE(reader.is_at_rest());
  feed(reader, bytes.substr(1));
  EXPECT_TRUE(reader.is_at_rest());
  feed(reader, frame(kText, "abc"));
  EXPECT_FALSE(reader.is_at_rest()) << "in the middle of a message";
  feed(reader, frame(kFin | kContinued, "abc") + frame(kFin | kText, "x").substr(0, 3));
  EXPECT_FALSE(reader.is_at_rest()) << "in the middle of a header";
  EXPECT_EQ(reader.frames(), 3u);
}

TEST(WebSocketReader, CloseEndsIt) {
  EXPECT_EQ(read(closing(1000, "bye") + frame(kFin | kText, "late")),
            (std::vector<Seen>{{Kind::close, "bye", 1000}}));
  EXPECT_EQ(read(frame(kFin | kClosing, "")), (std::vector<Seen>{{Kind::close, "", kCloseNoCode}}));
  for (const unsigned code : {1001u, 1002u, 1003u, 1007u, 1011u, 1012u, 1014u, 3000u, 4999u}) {
    EXPECT_EQ(refusal(closing(code)), 0) << code;
  }
  // A reason in characters of several bytes, dripping.
  EXPECT_EQ(read(closing(1000, "até já"), 1), (std::vector<Seen>{{Kind::close, "até já", 1000}}));
}

TEST(WebSocketReader, RefusesWrongCloseFrames) {
  for (const unsigned code : {0u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 2000u, 2999u, 5000u, 65535u}) {
    EXPECT_EQ(refusal(closing(code)), kCloseProtocolError) << code;
  }
  EXPECT_EQ(refusal(frame(kFin | kClosing, "\x03")), kCloseProtocolError);
  EXPECT_EQ(refusal(closing(1000, "\xff")), kCloseNotUtf8);
  EXPECT_EQ(refusal(closing(1000, "xx\xc3")), kCloseNotUtf8);
}

TEST(WebSocketReader, RefusesWhatTheRfcForbids) {
  EXPECT_EQ(refusal(frame(kFin | kText, "abc", false)), kCloseProtocolError) << "unmasked";
  for (const unsigned bit : {0x40u, 0x20u, 0x10u}) {
    EXPECT_EQ(refusal(frame(kFin | bit | kText, "abc")), kCloseProtocolError) << "reserved bit";
  }
  for (const unsigned opcode : {3u, 4u, 5u, 6u, 7u, 11u, 12u, 13u, 14u, 15u}) {
    EXPECT_EQ(refusal(frame(kFin | opcode, "abc")), kCloseProtocolError) << "opcode " << opcode;
  }
  EXPECT_EQ(refusal(frame(kFin | kContinued, "abc")), kCloseProtocolError) << "continuation of nothing";
  EXPECT_EQ(refusal(frame(kText, "abc") + frame(kFin | kText, "abc")), kCloseProtocolError)
      << "within another";
  EXPECT_EQ(refusal(frame(kFin | kText, "") + frame(kFin | kContinued, "a")), kCloseProtocolError)
      << "after the end";
  for (const unsigned opcode : {8u, 9u, 10u}) {
    EXPECT_EQ(refusal(frame(opcode, "")), kCloseProtocolError) << "fragmented control frame";
    EXPECT_EQ(refusal(frame(kFin | opcode, std::string(126, 'x'))), kCloseProtocolError)
        << "long control frame";
  }
}

TEST(WebSocketReader, RefusesLengthsThatLie) {
  const auto with_length = [](std::initializer_list<int> header) {
    std::string out;
    for (const int byte : header) out += static_cast<char>(byte);
    return out + "mask" + "x";
  };
  EXPECT_EQ(refusal(with_length({0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0})), kCloseProtocolError) << "2^63";
  EXPECT_EQ(refusal(with_length({0x82, 0xFF, 0x7F, 255, 255, 255, 255, 255, 255, 255})), kCloseTooBig)
      << "2^63 - 1";
  EXPECT_EQ(refusal(with_length({0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0, 5})), kCloseProtocolError)
      << "not the fewest bytes";
  EXPECT_EQ(refusal(with_length({0x82, 0xFE, 0, 5})), kCloseProtocolError) << "not the fewest bytes";
}

TEST(WebSocketReader, RefusesLongMessagesAsSoonAsTheySaySo) {
  EXPECT_EQ(refusal(frame(kFin | kText, std::string(1000, 'x')), 1000), 0);
  EXPECT_EQ(refusal(frame(kFin | kText, std::string(1001, 'x')).substr(0, 9), 1000), kCloseTooBig);
  EXPECT_EQ(refusal(frame(kBinary, std::string(600, 'x')) + frame(kContinued, std::string(400, 'x')), 1000),
            0);
  EXPECT_EQ(refusal(frame(kBinary, std::string(600, 'x')) + frame(kContinued, std::string(401, 'x')), 1000),
            kCloseTooBig);
}

TEST(WebSocketReader, RefusesTextThatIsNotUtf8) {
  for (const auto* text :
       {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\x80", "\xf4\x90\x80\x80", "\xce\xba\xe1\xbd"}) {
    EXPECT_EQ(refusal(frame(kFin | kText, text)), kCloseNotUtf8) << text;
  }
  EXPECT_EQ(refusal(frame(kText, "a\xc3") + frame(kFin | kContinued, "z")), kCloseNotUtf8);
  EXPECT_EQ(refusal(frame(kFin | kBinary, "\xff")), 0) << "binary may be anything";
}

// Any sequence of messages, fragmented and cut at random, arrives as it was sent.
TEST(WebSocketReader, LawRoundTrip) {
  std::mt19937 random(20260);
  const auto up_to = [&](std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(random);
  };
  for (int run = 0; run < 300; ++run) {
    std::string bytes;
    std::vector<Seen> expected;
    for (std::size_t n = up_to(6); n > 0; --n) {
      const bool is_text = up_to(1) == 1;
      std::string payload(up_to(up_to(4) == 0 ? 9000 : 200), 'a');
      for (auto& c : payload) c = static_cast<char>(is_text ? ' ' + up_to(90) : up_to(255));
      std::string_view rest = payload;
      unsigned opcode = is_text ? kText : kBinary;
      while (up_to(2) == 0) {
        const std::size_t size = up_to(rest.size());
        bytes += frame(opcode, std::string(rest.substr(0, size)));
        rest.remove_prefix(size);
        opcode = kContinued;
        if (up_to(1) == 1) {
          bytes += frame(kFin | kPing, "?");
          expected.push_back({Kind::ping, "?"});
        }
      }
      bytes += frame(kFin | opcode, std::string(rest));
      expected.push_back({is_text ? Kind::text : Kind::binary, payload});
    }
    ASSERT_EQ(read(bytes, 1 + up_to(up_to(1) == 0 ? 10 : 6000)), expected);
  }
}

TEST(WebSocketReader, OfAServerFramesMustNotBeMasked) {
  WebSocketReader reader(1000, WebSocketReader::Peer::server);
  EXPECT_EQ(feed(reader, frame(kFin | kText, "hello", false)), (std::vector<Seen>{{Kind::text, "hello"}}));
  EXPECT_TRUE(reader.is_at_rest());
  const auto seen = feed(reader, frame(kFin | kText, "hello", true));
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].kind, Kind::violation);
  EXPECT_EQ(seen[0].code, kCloseProtocolError);
}

}  // namespace
}  // namespace tutti::protocol
