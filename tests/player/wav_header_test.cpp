#include "player/wav_header.h"

#include <string>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::string text(const Bytes& bytes, std::size_t at) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(at),
          bytes.begin() + static_cast<std::ptrdiff_t>(at + 4)};
}

std::uint64_t number(const Bytes& bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value |= std::uint64_t{bytes.at(at + i)} << (8 * i);
  return value;
}

// Where the body of the chunk begins.
std::size_t chunk(const Bytes& wav, const std::string& name) {
  for (std::size_t at = 12; at + 8 <= wav.size(); at += 8 + number(wav, at + 4, 4)) {
    if (text(wav, at) == name) return at + 8;
  }
  return 0;
}

TEST(WavHeader, OfPlainSamples) {
  const Bytes wav = wav_header(pcm_format(44'100, 2, SampleFormat::s16), 1000);
  EXPECT_EQ(text(wav, 0), "RIFF");
  EXPECT_EQ(number(wav, 4, 4), wav.size() - 8 + 1000);
  EXPECT_EQ(text(wav, 8), "WAVE");
  const std::size_t fmt = chunk(wav, "fmt ");
  ASSERT_GT(fmt, 0u);
  EXPECT_EQ(number(wav, fmt - 4, 4), 16u);
  EXPECT_EQ(number(wav, fmt, 2), 1u);
  EXPECT_EQ(number(wav, fmt + 2, 2), 2u);
  EXPECT_EQ(number(wav, fmt + 4, 4), 44'100u);
  EXPECT_EQ(number(wav, fmt + 8, 4), 176'400u);
  EXPECT_EQ(number(wav, fmt + 12, 2), 4u);
  EXPECT_EQ(number(wav, fmt + 14, 2), 16u);
  EXPECT_EQ(chunk(wav, "data"), wav.size()) << "samples follow at once";
  EXPECT_EQ(number(wav, wav.size() - 4, 4), 1000u);
}

TEST(WavHeader, OfFloatsAndOfManyChannels) {
  const Bytes floats = wav_header(pcm_format(48'000, 1, SampleFormat::f32), 400);
  EXPECT_EQ(number(floats, chunk(floats, "fmt "), 2), 3u);
  EXPECT_EQ(number(floats, chunk(floats, "fact"), 4), 100u) << "frames";
  const Bytes many = wav_header(pcm_format(96'000, 6, SampleFormat::s24), 1800);
  const std::size_t fmt = chunk(many, "fmt ");
  EXPECT_EQ(number(many, fmt - 4, 4), 40u);
  EXPECT_EQ(number(many, fmt, 2), 0xFFFEu);
  EXPECT_EQ(number(many, fmt + 12, 2), 18u);
  EXPECT_EQ(number(many, fmt + 18, 2), 24u) << "valid bits";
  EXPECT_EQ(number(many, fmt + 20, 4), 0x3Fu) << "5.1";
  EXPECT_EQ(number(many, fmt + 24, 2), 1u);
}

TEST(WavHeader, APaddingByteBelongsToTheFileButNotToTheData) {
  const Bytes wav = wav_header(pcm_format(8'000, 1, SampleFormat::u8), 3);
  EXPECT_EQ(number(wav, wav.size() - 4, 4), 3u);
  EXPECT_EQ(number(wav, 4, 4), wav.size() - 8 + 4);
}

TEST(WavHeader, MoreThan4GibIsRf64OfTheSameLength) {
  const PcmFormat format = pcm_format(44'100, 2, SampleFormat::s16);
  constexpr std::uint64_t kMany = (std::uint64_t{5} << 30) + 4;
  const Bytes small = wav_header(format, 0), large = wav_header(format, kMany);
  EXPECT_EQ(small.size(), large.size());
  EXPECT_EQ(text(small, 0), "RIFF");
  EXPECT_GT(chunk(small, "JUNK"), 0u);
  EXPECT_EQ(text(large, 0), "RF64");
  EXPECT_EQ(number(large, 4, 4), 0xFFFFFFFFu);
  const std::size_t sizes = chunk(large, "ds64");
  ASSERT_EQ(sizes, 20u) << "it has to be the first";
  EXPECT_EQ(number(large, sizes, 8), large.size() - 8 + kMany);
  EXPECT_EQ(number(large, sizes + 8, 8), kMany);
  EXPECT_EQ(number(large, sizes + 16, 8), kMany / 4);
  EXPECT_EQ(number(large, large.size() - 4, 4), 0xFFFFFFFFu);
  // The last size that fits.
  EXPECT_EQ(text(wav_header(format, 0xFFFFFFFF - large.size() - 100), 0), "RIFF");
}

}  // namespace
}  // namespace tutti::player
