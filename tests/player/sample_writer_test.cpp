#include "player/sample_writer.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

std::vector<std::uint8_t> written(const std::vector<float>& samples, SampleFormat format) {
  std::vector<std::uint8_t> out(samples.size() * bytes_per_sample(format));
  EXPECT_EQ(write_samples(samples, format, out), out.size());
  return out;
}

TEST(WriteSamples, EveryIntegerOf16BitsComesBack) {
  std::vector<float> samples;
  for (int i = -32'768; i <= 32'767; ++i) samples.push_back(static_cast<float>(i) / 32'768);
  const auto bytes = written(samples, SampleFormat::s16);
  for (int i = -32'768; i <= 32'767; ++i) {
    std::int16_t value = 0;
    std::memcpy(&value, &bytes[static_cast<std::size_t>(i + 32'768) * 2], 2);
    ASSERT_EQ(value, i);
  }
}

TEST(WriteSamples, IntegersOf24BitsComeBack) {
  std::vector<float> samples;
  std::vector<int> values;
  for (int i = -(1 << 23); i < 1 << 23; i += 997) {
    values.push_back(i);
    samples.push_back(static_cast<float>(i) / (1 << 23));
  }
  const auto bytes = written(samples, SampleFormat::s24);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int value = static_cast<int>(bytes[3 * i]) | bytes[3 * i + 1] << 8 |
                      static_cast<std::int8_t>(bytes[3 * i + 2]) * 65'536;
    ASSERT_EQ(value, values[i]);
  }
}

TEST(WriteSamples, WhatIsTooLoudIsClippedAndWhatIsNoNumberIsSilent) {
  const float inf = std::numeric_limits<float>::infinity();
  EXPECT_EQ(written({1.5f, -1.5f, inf, std::nanf("")}, SampleFormat::s16),
            (std::vector<std::uint8_t>{0xFF, 0x7F, 0x00, 0x80, 0xFF, 0x7F, 0, 0}));
  EXPECT_EQ(written({1.f, -1.f, 0.5f}, SampleFormat::s32),
            (std::vector<std::uint8_t>{0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0x80, 0, 0, 0, 0x40}));
  EXPECT_EQ(written({0.f, 1.f, -1.f}, SampleFormat::u8), (std::vector<std::uint8_t>{0x80, 0xFF, 0x00}));
}

TEST(WriteSamples, FloatsPassAsTheyAre) {
  const std::vector<float> samples{0.1f, -2.f, 1e-20f};
  const auto bytes = written(samples, SampleFormat::f32);
  EXPECT_EQ(std::memcmp(bytes.data(), samples.data(), bytes.size()), 0);
}

}  // namespace
}  // namespace tutti::player
