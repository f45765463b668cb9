#include "media/asset_decoder.h"

#include "media/asset_encoder.h"
#include "tests/media/test_audio.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

constexpr Frames kLength = 20 * 48'000 + 123;

class AssetDecoderTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = test::fresh_dir("asset-decoder");
    test::write_wav(dir_ / "a.wav", test::music(48'000, 2, 21));
    auto encoder = AssetEncoder::open(dir_ / "a.wav", kLength);
    ASSERT_TRUE(encoder) << encoder.error().message;
    std::string bytes;
    for (bool is_more = true; is_more;) {
      const auto more = encoder->step([&](std::span<const std::uint8_t> frame) -> Result<void> {
        bytes.append(frame.begin(), frame.end());
        return {};
      });
      ASSERT_TRUE(more);
      is_more = *more;
    }
    test::write_text(dir_ / "a.mp3", bytes);
  }
  static AssetDecoder open() { return *AssetDecoder::open(dir_ / "a.mp3", kLength, AssetEncoder::kDelay); }
  static std::vector<float> read(AssetDecoder& decoder, Frames first, Frames count) {
    std::vector<float> out(static_cast<std::size_t>(count) * 2, 7.0F);
    decoder.read(first, out);
    return out;
  }

  static inline std::filesystem::path dir_;
};

TEST_F(AssetDecoderTest, ItsSamplesAreTheSourcesAtTheirPlaces) {
  auto decoder = open();
  const auto heard = read(decoder, 0, kLength);
  const auto source = test::decode(dir_ / "a.wav").part(0, kLength).samples;
  double product = 0, ours = 0, theirs = 0;
  for (std::size_t i = 0; i < heard.size(); ++i) {
    product += static_cast<double>(heard[i]) * source[i];
    ours += static_cast<double>(heard[i]) * heard[i];
    theirs += static_cast<double>(source[i]) * source[i];
  }
  EXPECT_GT(product / std::sqrt(ours * theirs), 0.97);
}

TEST_F(AssetDecoderTest, FromAnywhereTheSameSamples) {
  auto decoder = open();
  const auto whole = read(decoder, 0, kLength);
  std::mt19937 random(3);
  for (int i = 0; i < 200; ++i) {
    const Frames first = static_cast<Frames>(random() % (kLength - 5000));
    const Frames count = 1 + static_cast<Frames>(random() % 5000);
    const auto part = read(decoder, first, count);
    for (std::size_t n = 0; n < part.size(); ++n) {
      ASSERT_NEAR(part[n], whole[static_cast<std::size_t>(first) * 2 + n], 1e-5) << first << " " << n;
    }
  }
}

TEST_F(AssetDecoderTest, OutsideOfItThereIsSilence) {
  auto decoder = open();
  const auto before = read(decoder, -100, 200);
  EXPECT_TRUE(std::all_of(before.begin(), before.begin() + 200, [](float each) { return each == 0; }));
  const auto behind = read(decoder, kLength - 10, 100);
  EXPECT_TRUE(std::all_of(behind.begin() + 20, behind.end(), [](float each) { return each == 0; }));
  const auto far = read(decoder, kLength + 1'000'000, 10);
  EXPECT_TRUE(std::all_of(far.begin(), far.end(), [](float each) { return each == 0; }));
}

TEST_F(AssetDecoderTest, WhatIsDamagedOrMissingIsSilentAndTheRestStaysWhereItIs) {
  auto decoder = open();
  const auto whole = read(decoder, 0, kLength);
  std::filesystem::copy_file(dir_ / "a.mp3", dir_ / "b.mp3");
  {
    std::fstream file(dir_ / "b.mp3", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(384 * 100);
    file << std::string(384 * 20, '\0');
  }
  std::filesystem::resize_file(dir_ / "b.mp3", 384 * 300);
  auto damaged = *AssetDecoder::open(dir_ / "b.mp3", kLength, AssetEncoder::kDelay);
  const auto heard = read(damaged, 0, kLength);
  const std::size_t later = 1152UL * 200 * 2;
  for (std::size_t i = later; i < later + 10'000; ++i) ASSERT_NEAR(heard[i], whole[i], 1e-5);
  EXPECT_EQ(heard[1152UL * 110 * 2], 0);
  EXPECT_EQ(heard[1152UL * 310 * 2], 0);
  EXPECT_FALSE(AssetDecoder::open(dir_ / "none.mp3", 1, 0));
}

}  // namespace
}  // namespace tutti::media
