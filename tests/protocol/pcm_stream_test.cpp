#include "protocol/pcm_stream.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using namespace std::chrono_literals;

constexpr PcmFormat kCd{44100, 2, 2, false};

TEST(PcmStream, TheHeaderIsThatOfTheDocument) {
  PcmStream stream(kPcmChunk, 2s);
  EXPECT_TRUE(stream.on_message("Quero desafiar a gravidade!").open);
  EXPECT_EQ(
      stream.on_opened(kCd, {}),
      R"({"type": "audio_header", "rate": 44100, "channels": 2, "sample_width": 2, "chunk_frames": 8192})");
  PcmStream wide(2048, 2s);
  EXPECT_TRUE(wide.on_message("PLAY\n").open);
  EXPECT_EQ(
      wide.on_opened({96000, 1, 4, true}, {}),
      R"({"type": "audio_header", "rate": 96000, "channels": 1, "sample_width": 4, "chunk_frames": 2048, "format": "float"})");
}

TEST(PcmStream, OtherTextIsEchoed) {
  PcmStream stream(kPcmChunk, 2s);
  const auto answer = stream.on_message("olá");
  EXPECT_FALSE(answer.open);
  EXPECT_EQ(answer.text, "Então você disse que: olá");
  EXPECT_EQ(stream.on_message("").text, "Então você disse que: ");
  EXPECT_EQ(stream.on_message("play").text, "Então você disse que: play");
  EXPECT_EQ(stream.on_message("a\xFFz").text, "Então você disse que: a\uFFFDz") << "text frames are UTF-8";
}

TEST(PcmStream, ARequestDuringAStreamIsIgnoredAndOneAfterItIsNot) {
  PcmStream stream(kPcmChunk, 2s);
  EXPECT_TRUE(stream.on_message("PLAY").open);
  EXPECT_FALSE(stream.on_message("PLAY").open) << "while it is opened";
  stream.on_opened(kCd, {});
  const auto again = stream.on_message("PLAY");
  EXPECT_FALSE(again.open);
  EXPECT_FALSE(again.text);
  EXPECT_FALSE(stream.on_chunk(kPcmChunk));
  EXPECT_EQ(stream.on_chunk(100), R"({"type": "end"})");
  EXPECT_FALSE(stream.is_playing());
  EXPECT_TRUE(stream.on_message("PLAY").open);
  stream.on_opened(kCd, {5s});
  EXPECT_EQ(stream.position(), 0) << "from the beginning";
}

TEST(PcmStream, AFileOfWholeChunksEndsToo) {
  PcmStream stream(kPcmChunk, 2s);
  stream.on_message("PLAY");
  stream.on_opened(kCd, {});
  EXPECT_FALSE(stream.on_chunk(kPcmChunk));
  EXPECT_EQ(stream.on_chunk(0), R"({"type": "end"})");
}

TEST(PcmStream, AFailureIsToldAndLeavesItReady) {
  PcmStream stream(kPcmChunk, 2s);
  stream.on_message("PLAY");
  EXPECT_EQ(stream.on_failed("there is no \"x\""), R"({"type": "error", "message": "there is no \"x\""})");
  EXPECT_TRUE(stream.on_message("PLAY").open);
}

TEST(PcmStream, DeadlinesDoNotDrift) {
  std::mt19937_64 random(1);
  for (const int rate : {8000, 11025, 44100, 48000, 192000}) {
    const ServerTime start{Duration(static_cast<std::int64_t>(random() % 1'000'000'000'000))};
    PcmStream stream(2048, 2s);
    stream.on_message("PLAY");
    stream.on_opened({rate, 2, 2, false}, start);
    EXPECT_EQ(stream.due(), start - 2s);
    Frames sent = 0;
    for (int i = 0; i < 100'000; ++i, sent += 2048) {
      const double exact = static_cast<double>(sent) / rate - 2;
      ASSERT_NEAR(static_cast<double>((stream.due() - start).count()) / 1e6, exact, 1.1e-6);
      stream.on_chunk(2048);
    }
  }
}

TEST(PcmStream, ItBeginsWhereItWasAskedTo) {
  PcmStream stream(2048, 2s, 88'200);
  stream.on_message("PLAY");
  EXPECT_EQ(
      stream.on_opened(kCd, {5s}),
      R"({"type": "audio_header", "rate": 44100, "channels": 2, "sample_width": 2, "chunk_frames": 2048, "first_frame": 88200})");
  EXPECT_EQ(stream.position(), 88'200);
  EXPECT_EQ(stream.due(), ServerTime{3s}) << "the clock starts with its first frame";
  EXPECT_FALSE(stream.on_chunk(2048));
  EXPECT_EQ(stream.due(), ServerTime{3s} + duration_of(2048, 44100));
}

TEST(PcmStream, FirstFrame) {
  EXPECT_EQ(parse_first_frame(""), 0);
  EXPECT_EQ(parse_first_frame("0"), 0);
  EXPECT_EQ(parse_first_frame("88200"), 88'200);
  for (const auto* text : {"-1", "1.5", "x", " 1", "1e3", "99999999999999999999", "9000000000000000000"}) {
    EXPECT_FALSE(parse_first_frame(text)) << text;
  }
}

TEST(PcmStream, ChunkFrames) {
  EXPECT_EQ(parse_chunk_frames(""), 8192);
  EXPECT_EQ(parse_chunk_frames("2048"), 2048);
  for (const auto* text : {"0", "-1", "255", "16385", "2048x", " 2048", "99999999999999999999"}) {
    EXPECT_FALSE(parse_chunk_frames(text)) << text;
  }
}

}  // namespace
}  // namespace tutti::protocol
