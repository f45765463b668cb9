#include "media/asset_encoder.h"

#include "tests/media/test_audio.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

using test::Pcm;

struct Encoded {
  std::vector<std::uint8_t> bytes;
  int steps = 0;
  std::vector<std::uint8_t> picture;
};

Encoded encode(const std::filesystem::path& source, Frames length) {
  Encoded out;
  auto encoder = AssetEncoder::open(source, length);
  EXPECT_TRUE(encoder) << encoder.error().message;
  for (bool is_more = true; is_more; ++out.steps) {
    const auto more = encoder->step([&](std::span<const std::uint8_t> frame) -> Result<void> {
      EXPECT_EQ(frame.size(), 384U);
      out.bytes.insert(out.bytes.end(), frame.begin(), frame.end());
      return {};
    });
    EXPECT_TRUE(more) << more.error().message;
    is_more = more && *more;
  }
  out.picture = encoder->picture().points();
  return out;
}

TEST(AssetEncoder, ThePictureIsOfTheSourceAndEndsWithIt) {
  const auto dir = test::fresh_dir("asset-picture");
  Pcm pcm = test::music(44100, 1, 3);
  std::fill(pcm.samples.begin() + 44100, pcm.samples.begin() + 2 * 44100, 0.f);
  test::write_wav(dir / "a.wav", pcm);
  const auto encoded = encode(dir / "a.wav", 3 * 48000);
  ASSERT_EQ(encoded.picture.size(), LoudnessPicture::size(3 * 48000));
  const auto peak = [&](double second) {
    return encoded.picture[static_cast<std::size_t>(second * 48000 / 2304) * 2];
  };
  EXPECT_GT(peak(0.5), 40);
  EXPECT_EQ(peak(1.5), 0);
  EXPECT_GT(peak(2.5), 40);
}

// As a page decodes it: every frame, nothing taken off.
Pcm decode_all(const std::vector<std::uint8_t>& mp3, const std::string& name) {
  const auto dir = test::fresh_dir(name);
  test::write_text(dir / "asset.mp3", {mp3.begin(), mp3.end()});
  test::ffmpeg({"-flags2", "skip_manual", "-i", (dir / "asset.mp3").string(), "-f", "wav", "-c:a",
                "pcm_f32le", (dir / "out.wav").string()});
  return test::decode(dir / "out.wav");
}

double level(const Pcm& pcm, Frames first, Frames count) {
  double sum = 0;
  const auto part = pcm.part(first, count);
  for (const float each : part.samples) sum += static_cast<double>(each) * each;
  return 10 * std::log10(sum / static_cast<double>(part.samples.size()));
}

TEST(AssetEncoder, EveryFrameHas384BytesAndTheLengthIsAsCounted) {
  const auto dir = test::fresh_dir("asset-frames");
  test::write_wav(dir / "a.wav", test::music(48000, 2, 25));
  const auto encoded = encode(dir / "a.wav", 25 * 48000);
  EXPECT_EQ(static_cast<std::int64_t>(encoded.bytes.size()), AssetEncoder::bytes(25 * 48000));
  EXPECT_EQ(encoded.steps, 3);
  // Frame sync, MPEG-1 layer III without CRC, 128 kbit/s, 48 kHz, no padding: at each multiple of 384.
  for (std::size_t at = 0; at < encoded.bytes.size(); at += 384) {
    ASSERT_EQ(encoded.bytes[at], 0xFF);
    ASSERT_EQ(encoded.bytes[at + 1], 0xFB);
    ASSERT_EQ(encoded.bytes[at + 2] & 0xFE, 0x94);
    // No bits of earlier frames: main_data_begin is 0.
    ASSERT_EQ(encoded.bytes[at + 4], 0);
    ASSERT_EQ(encoded.bytes[at + 5] & 0x80, 0);
  }
}

TEST(AssetEncoder, DecodedItIsTheSourceBehindTheDelay) {
  for (const auto& [rate, channels] : {std::pair(48000, 2), std::pair(44100, 2), std::pair(44100, 1)}) {
    const std::string name = "asset-" + std::to_string(rate) + "-" + std::to_string(channels);
    const auto dir = test::fresh_dir(name);
    const Pcm source = test::music(rate, channels, 6);
    test::write_wav(dir / "a.wav", source);
    const Frames length = AssetEncoder::length(source.frames(), rate);
    const auto decoded = decode_all(encode(dir / "a.wav", length).bytes, name + "-decoded");
    ASSERT_EQ(decoded.rate, 48000);
    // One channel is heard from both sides at its full level.
    const std::string sides = channels == 1 ? "pan=stereo|c0=c0|c1=c0" : "anull";
    test::ffmpeg({"-i", (dir / "a.wav").string(), "-af", sides, "-ar", "48000", "-f", "wav",
                  (dir / "b.wav").string()});
    const Pcm expected = test::decode(dir / "b.wav");
    EXPECT_NEAR(static_cast<double>(test::lag_of(decoded, expected, 3 * 48000)), AssetEncoder::kDelay,
                rate == 48000 ? 0 : 1)
        << name;
    const double difference =
        level(decoded, AssetEncoder::kDelay + 48000, 4 * 48000) - level(expected, 48000, 4 * 48000);
    // LAME takes 5 % off what it is given.
    EXPECT_NEAR(difference, 20 * std::log10(0.95), 0.1) << name;
  }
}

TEST(AssetEncoder, AShortSourceIsFilledUpAndALongOneCut) {
  const auto dir = test::fresh_dir("asset-lengths");
  test::write_wav(dir / "a.wav", test::music(48000, 2, 2));
  for (const Frames length : {Frames{1}, Frames{48000}, Frames{5 * 48000}}) {
    EXPECT_EQ(static_cast<std::int64_t>(encode(dir / "a.wav", length).bytes.size()),
              AssetEncoder::bytes(length));
  }
}

TEST(AssetEncoder, WhatCannotBeWrittenEndsIt) {
  const auto dir = test::fresh_dir("asset-disk");
  test::write_wav(dir / "a.wav", test::music(48000, 2, 2));
  auto encoder = AssetEncoder::open(dir / "a.wav", 48000);
  ASSERT_TRUE(encoder);
  const auto more = encoder->step([](auto) -> Result<void> { return fail("no space"); });
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().message, "no space");
}

}  // namespace
}  // namespace tutti::media
