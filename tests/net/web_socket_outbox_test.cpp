#include "net/web_socket_outbox.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace tutti::net {
namespace {

using protocol::FramePtr;

FramePtr frame(std::string_view text) {
  auto out = std::make_shared<protocol::Frame>();
  out->bytes.assign(text.begin(), text.end());
  return out;
}

WebSocketLimits limits(std::size_t bytes, std::size_t frames = 100) {
  WebSocketLimits out;
  out.outbox_bytes = bytes;
  out.outbox_frames = frames;
  return out;
}

std::string waiting(const WebSocketOutbox& outbox) {
  std::array<iovec, 64> parts;
  std::string out;
  for (std::size_t i = 0, count = outbox.gather(parts); i < count; ++i) {
    out.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  }
  return out;
}

TEST(WebSocketOutbox, SendsInOrderHoweverMuchTheSocketTakes) {
  WebSocketOutbox outbox;
  for (const auto* text : {"one", "two", "three"}) {
    ASSERT_TRUE(outbox.push(frame(text), FrameKind::control, 0, limits(100)));
  }
  std::string sent;
  while (!outbox.empty()) {
    sent += waiting(outbox).substr(0, 2);
    outbox.advance(std::min<std::size_t>(2, outbox.bytes()));
    EXPECT_EQ(waiting(outbox).size(), outbox.bytes());
  }
  EXPECT_EQ(sent, "onetwothree");
}

TEST(WebSocketOutbox, AudioMakesRoomForNewerAudio) {
  WebSocketOutbox outbox;
  const auto ten = limits(10);
  outbox.push(frame("ctrl"), FrameKind::control, 0, ten);
  for (const auto* text : {"a1", "a2", "a3", "a4", "a5"}) {
    EXPECT_TRUE(outbox.push(frame(text), FrameKind::audio, 0, ten));
  }
  EXPECT_EQ(waiting(outbox), "ctrla3a4a5");
  EXPECT_EQ(outbox.dropped(), 2u);
}

TEST(WebSocketOutbox, WhatHasBegunIsNotDropped) {
  WebSocketOutbox outbox;
  const auto six = limits(6);
  for (const auto* text : {"a1", "a2", "a3"}) outbox.push(frame(text), FrameKind::audio, 0, six);
  outbox.advance(1);
  outbox.push(frame("a4"), FrameKind::audio, 0, six);
  EXPECT_EQ(waiting(outbox), "1a3a4");
  EXPECT_EQ(outbox.dropped(), 1u);
}

TEST(WebSocketOutbox, WhatMustArriveTakesThePlaceOfAudioAndElseHasNone) {
  WebSocketOutbox outbox;
  const auto six = limits(6);
  for (const auto* text : {"a1", "a2", "a3"}) outbox.push(frame(text), FrameKind::audio, 0, six);
  EXPECT_TRUE(outbox.push(frame("ctrl"), FrameKind::control, 0, six));
  EXPECT_EQ(waiting(outbox), "a3ctrl");
  EXPECT_TRUE(outbox.push(frame("c2"), FrameKind::control, 0, six));
  EXPECT_EQ(waiting(outbox), "ctrlc2");
  EXPECT_FALSE(outbox.push(frame("c3"), FrameKind::control, 0, six));
  EXPECT_TRUE(outbox.push(frame("a4"), FrameKind::audio, 0, six)) << "dropped, and that is no failure";
  EXPECT_EQ(waiting(outbox), "ctrlc2");
}

TEST(WebSocketOutbox, CountsFramesToo) {
  WebSocketOutbox outbox;
  EXPECT_TRUE(outbox.push(frame("1"), FrameKind::control, 0, limits(1000, 2)));
  EXPECT_TRUE(outbox.push(frame("2"), FrameKind::control, 0, limits(1000, 2)));
  EXPECT_FALSE(outbox.push(frame("3"), FrameKind::control, 0, limits(1000, 2)));
}

TEST(WebSocketOutbox, OneFrameOfAnySizeFitsIntoAnEmptyOne) {
  WebSocketOutbox outbox;
  EXPECT_TRUE(outbox.push(frame(std::string(1000, 'x')), FrameKind::control, 0, limits(10)));
  EXPECT_FALSE(outbox.push(frame("y"), FrameKind::control, 0, limits(10)));
}

TEST(WebSocketOutbox, OfAStateOnlyTheNewestIsSent) {
  WebSocketOutbox outbox;
  const auto hundred = limits(100);
  outbox.push(frame("position 1;"), FrameKind::state, 1, hundred);
  outbox.push(frame("volume 1;"), FrameKind::state, 2, hundred);
  outbox.push(frame("position 2;"), FrameKind::state, 1, hundred);
  EXPECT_EQ(waiting(outbox), "position 2;volume 1;");
  outbox.advance(3);
  outbox.push(frame("position 3;"), FrameKind::state, 1, hundred);
  EXPECT_EQ(waiting(outbox), "ition 2;volume 1;position 3;") << "what has begun is finished";
}

TEST(WebSocketOutbox, PingsAndTheCloseFrameAlwaysFit) {
  WebSocketOutbox outbox;
  const auto four = limits(4);
  outbox.push(frame("full"), FrameKind::control, 0, four);
  outbox.push_ping(frame("[ping]"));
  outbox.push_pong(frame("[pong 1]"));
  outbox.push_pong(frame("[pong 2]"));
  outbox.finish(frame("[close]"));
  EXPECT_EQ(waiting(outbox), "full[ping][pong 2][close]");
  outbox.push_pong(frame("[pong 3]"));
  outbox.push(frame("late"), FrameKind::control, 0, limits(1000));
  outbox.finish(frame("[close again]"));
  EXPECT_EQ(waiting(outbox), "full[ping][pong 2][close]") << "nothing comes after a close frame";
}

TEST(WebSocketOutbox, ForgettingKeepsWhatHasBegun) {
  WebSocketOutbox outbox;
  for (const auto* text : {"one", "two"}) outbox.push(frame(text), FrameKind::control, 0, limits(100));
  outbox.advance(1);
  outbox.clear_unsent();
  EXPECT_EQ(waiting(outbox), "ne");
  outbox.advance(2);
  EXPECT_TRUE(outbox.empty());
  outbox.push_rest(frame("three"), FrameKind::audio, 2);
  EXPECT_EQ(waiting(outbox), "ree");
}

// Whatever is pushed and however it drains: the bound holds, what must arrive arrives in order, frames stay
// whole, and audio that did not arrive was counted.
TEST(WebSocketOutbox, LawOfAllSequences) {
  std::mt19937 random(7);
  const auto up_to = [&](unsigned most) { return std::uniform_int_distribution<unsigned>(0, most)(random); };
  for (int run = 0; run < 200; ++run) {
    WebSocketOutbox outbox;
    const auto bound = limits(200, 20);
    std::string sent, controls;
    unsigned audio = 0, next = 0;
    const auto drain = [&](std::size_t most) {
      const auto some = waiting(outbox).substr(0, most);
      sent += some;
      outbox.advance(some.size());
    };
    for (int step = 0; step < 300; ++step) {
      if (up_to(2) == 0) drain(up_to(60));
      const bool is_audio = up_to(3) > 0;
      const std::string text =
          (is_audio ? "a" : "c") + std::to_string(next++) + std::string(up_to(20), '.') + ";";
      if (!outbox.push(frame(text), is_audio ? FrameKind::audio : FrameKind::control, 0, bound)) continue;
      if (is_audio) ++audio;
      if (!is_audio) controls += text;
      ASSERT_LE(outbox.bytes(), 200u);
      ASSERT_LE(outbox.frames(), 20u);
    }
    while (!outbox.empty()) drain(50);
    std::string arrived_controls;
    unsigned arrived_audio = 0;
    int last_audio = -1;
    for (std::size_t at = 0; at < sent.size();) {
      const std::size_t end = sent.find(';', at);
      ASSERT_NE(end, sent.npos);
      const std::string one = sent.substr(at, end + 1 - at);
      at = end + 1;
      if (one[0] == 'c') {
        arrived_controls += one;
        continue;
      }
      ASSERT_EQ(one[0], 'a') << one;
      ASSERT_GT(std::stoi(one.substr(1)), last_audio);
      last_audio = std::stoi(one.substr(1));
      ++arrived_audio;
    }
    ASSERT_EQ(arrived_controls, controls);
    ASSERT_EQ(arrived_audio + outbox.dropped(), audio);
  }
}

}  // namespace
}  // namespace tutti::net
