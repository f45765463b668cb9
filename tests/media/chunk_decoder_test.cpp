#include "media/chunk_decoder.h"

#include "media/chunk_encoder.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

using Codec = Encoding::Codec;

std::vector<float> noise(std::size_t count, int bits) {
  std::mt19937 random(static_cast<unsigned>(bits));
  const int most = (1 << (bits - 1)) - 1;
  std::uniform_int_distribution<int> any(-most, most);
  std::vector<float> samples(count);
  for (float& sample : samples) sample = static_cast<float>(any(random)) / static_cast<float>(most + 1);
  return samples;
}

TEST(ChunkDecoder, LosslessSoundComesBackAsItWas) {
  for (const auto codec : {Codec::pcm, Codec::flac}) {
    for (const int bits : {16, 24}) {
      for (const int channels : {1, 2}) {
        const auto encoding = player_encoding(codec, 44'100, channels, bits);
        ASSERT_TRUE(encoding);
        auto encoder = ChunkEncoder::open(*encoding);
        auto decoder = ChunkDecoder::open(*encoding, codec_header(*encoding));
        ASSERT_TRUE(encoder && decoder);
        for (int chunk = 0; chunk < 3; ++chunk) {
          const auto count = static_cast<std::size_t>(chunk_frames(*encoding) * channels);
          const auto sent = noise(count, bits);
          const auto packet = (*encoder)->encode(sent);
          ASSERT_TRUE(packet);
          const auto got = (*decoder)->decode(*packet);
          ASSERT_TRUE(got) << got.error().message;
          EXPECT_TRUE(std::ranges::equal(*got, sent)) << bits << " bits, " << channels << " channels";
        }
      }
    }
  }
}

TEST(ChunkDecoder, OpusSoundsAlikeAtItsPlace) {
  const auto encoding = player_encoding(Codec::opus, 48'000, 2, 16);
  auto encoder = ChunkEncoder::open(*encoding);
  auto decoder = ChunkDecoder::open(*encoding, codec_header(*encoding));
  ASSERT_TRUE(encoder && decoder);
  const auto frames = static_cast<std::size_t>(chunk_frames(*encoding));
  std::vector<float> sent, got;
  for (int chunk = 0; chunk < 50; ++chunk) {
    std::vector<float> pcm;
    for (std::size_t i = 0; i < frames; ++i) {
      const double t = static_cast<double>(sent.size() / 2) / 48'000;
      const auto value = static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * (300 + 2'000 * t) * t));
      for (int channel = 0; channel < 2; ++channel) {
        pcm.push_back(value);
        sent.push_back(value);
      }
    }
    const auto packet = (*encoder)->encode(pcm);
    ASSERT_TRUE(packet);
    const auto decoded = (*decoder)->decode(*packet);
    ASSERT_TRUE(decoded) << decoded.error().message;
    ASSERT_EQ(decoded->size(), pcm.size());
    got.insert(got.end(), decoded->begin(), decoded->end());
  }
  const auto late = static_cast<std::size_t>((*encoder)->lookahead());
  double error = 0, power = 0;
  for (std::size_t i = 20 * frames; i + late < 45 * frames; ++i) {
    error += std::pow(got[2 * (i + late)] - sent[2 * i], 2);
    power += std::pow(sent[2 * i], 2);
  }
  EXPECT_LT(error, power / 100);
}

TEST(ChunkDecoder, DamagedPacketsAreErrorsAndWhatFollowsIsHeard) {
  const auto encoding = player_encoding(Codec::flac, 48'000, 2, 16);
  auto encoder = ChunkEncoder::open(*encoding);
  auto decoder = ChunkDecoder::open(*encoding, codec_header(*encoding));
  ASSERT_TRUE(encoder && decoder);
  const auto sent = noise(static_cast<std::size_t>(chunk_frames(*encoding) * 2), 16);
  const auto packet = (*encoder)->encode(sent);
  EXPECT_FALSE((*decoder)->decode({}));
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    auto damaged = *packet;
    damaged.resize(random() % damaged.size());
    for (auto& byte : damaged) {
      if (random() % 50 == 0) byte = static_cast<std::uint8_t>(random());
    }
    const auto got = (*decoder)->decode(damaged);
    EXPECT_LE(got ? got->size() : 0, 65'536u * 2);
  }
  (*decoder)->restart();
  const auto got = (*decoder)->decode(*packet);
  ASSERT_TRUE(got);
  EXPECT_TRUE(std::ranges::equal(*got, sent));
}

TEST(ChunkDecoder, WhatCannotBeDecodedIsSaidWhereItBegins) {
  Encoding encoding;
  encoding.codec = Codec::pcm;
  EXPECT_TRUE(ChunkDecoder::open(encoding, {}));
  encoding.bit_depth = 12;
  EXPECT_FALSE(ChunkDecoder::open(encoding, {}));
  encoding.codec = Codec::mp3;
  EXPECT_FALSE(ChunkDecoder::open(encoding, {}));
  encoding.codec = Codec::opus;
  encoding.rate = 44'100;
  EXPECT_FALSE(ChunkDecoder::open(encoding, {}));
  encoding.codec = Codec::pcm;
  encoding.bit_depth = 24;
  encoding.channels = 0;
  EXPECT_FALSE(ChunkDecoder::open(encoding, {}));
  encoding.channels = 2;
  auto decoder = ChunkDecoder::open(encoding, {});
  ASSERT_TRUE(decoder);
  EXPECT_FALSE((*decoder)->decode(std::vector<std::uint8_t>(7)));
}

}  // namespace
}  // namespace tutti::media
