#include "domain/encoding.h"

#include "domain/packet_ring.h"

#include <gtest/gtest.h>

namespace tutti {
namespace {

using Codec = Encoding::Codec;

TEST(PlayerEncoding, IsEqualForEqualRequests) {
  EXPECT_EQ(player_encoding(Codec::opus, 48000, 2, 16).value(),
            player_encoding(Codec::opus, 48000, 2, 24).value());
  EXPECT_NE(player_encoding(Codec::pcm, 48000, 2, 16).value(),
            player_encoding(Codec::pcm, 48000, 2, 24).value());
  EXPECT_NE(player_encoding(Codec::pcm, 48000, 2, 16).value(),
            player_encoding(Codec::flac, 48000, 2, 16).value());
}

TEST(PlayerEncoding, RefusesWhatCannotBeMade) {
  EXPECT_TRUE(player_encoding(Codec::pcm, 192'000, 8, 24));
  EXPECT_TRUE(player_encoding(Codec::flac, 8000, 1, 16));
  EXPECT_TRUE(player_encoding(Codec::flac, 44'101, 2, 16));
  EXPECT_TRUE(player_encoding(Codec::pcm, 100'001, 2, 16));
  EXPECT_FALSE(player_encoding(Codec::flac, 100'001, 2, 16));
  EXPECT_FALSE(player_encoding(Codec::pcm, 7999, 2, 16));
  EXPECT_FALSE(player_encoding(Codec::pcm, 192'001, 2, 16));
  EXPECT_FALSE(player_encoding(Codec::pcm, -1, 2, 16));
  EXPECT_FALSE(player_encoding(Codec::pcm, 48000, 0, 16));
  EXPECT_FALSE(player_encoding(Codec::flac, 48000, 9, 16));
  EXPECT_FALSE(player_encoding(Codec::flac, 48000, 2, 32));
  EXPECT_FALSE(player_encoding(Codec::opus, 44100, 2, 16));
  EXPECT_FALSE(player_encoding(Codec::opus, 48000, 3, 16));
  EXPECT_FALSE(player_encoding(Codec::mp3, 48000, 2, 16));
  EXPECT_EQ(player_encoding(Codec::opus, 44100, 2, 16).error().message,
            "Opus is made at 8000, 12000, 16000, 24000 or 48000 Hz, not at 44100");
}

TEST(PlayerEncoding, ChunksLastTwentyToHundredMilliseconds) {
  for (int rate = 8000; rate <= 192'000; rate += 25) {
    for (const Codec codec : {Codec::pcm, Codec::flac, Codec::opus}) {
      const auto encoding = player_encoding(codec, rate, 1, 16);
      if (!encoding) continue;
      EXPECT_GE(duration_of(chunk_frames(*encoding), rate), Duration{20'000});
      EXPECT_LE(duration_of(chunk_frames(*encoding), rate), Duration{100'000});
    }
  }
}

TEST(CodecHeader, OfFlacIsStreaminfo) {
  const auto header = codec_header(player_encoding(Codec::flac, 96'000, 2, 24).value());
  const std::vector<std::uint8_t> expected{'f',  'L',  'a',  'C',  0x80, 0,
                                           0,    34,   0x12, 0xC0, 0x12, 0xC0,  // blocks of 4800 frames
                                           0,    0,    0,    0,    0,    0,     // of unknown size
                                           0x17, 0x70, 0x03, 0x70,  // 96000 Hz, 2 channels, 24 bits
                                           0,    0,    0,    0};    // of unknown length
  ASSERT_EQ(header.size(), 42u);
  EXPECT_EQ(std::vector<std::uint8_t>(header.begin(), header.begin() + 26), expected);
  EXPECT_TRUE(codec_header(player_encoding(Codec::pcm, 96'000, 2, 24).value()).empty());
  EXPECT_TRUE(codec_header(player_encoding(Codec::opus, 48'000, 2, 16).value()).empty());
}

TEST(FrameClock, TellsTimesWithoutDrift) {
  const FrameClock clock{{Duration{-1'234'567}}, 44100};
  for (Frames frame = -50'000; frame < 1'000'000'000'000; frame = frame * 3 + 200'001) {
    EXPECT_EQ(clock.frame_at(clock.time_of(frame)), frame);
    EXPECT_EQ(clock.frame_at(clock.time_of(frame) - Duration{1}), frame - 1);
  }
  EXPECT_EQ(clock.time_of(Frames{44100} * 3600 * 24 * 365),
            (ServerTime{Duration{-1'234'567} + std::chrono::hours(24 * 365)}));
}

}  // namespace
}  // namespace tutti
