// What is seen of sounds whose picture is known: sines at every pitch and level, silence, clicks in time.
#include "domain/visualization.h"

#include "domain/encoding.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

namespace tutti {
namespace {

constexpr int kMoment = Visualization::kRate / Visualization::kPerSecond;

std::vector<float> sine(double frequency, double amplitude, std::size_t count = Visualization::kWindow) {
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / Visualization::kRate;
    out[i] = static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * frequency * t + 0.3));
  }
  return out;
}

double decibels(std::uint8_t level) { return Visualization::kFloor * (1 - level / 255.0); }

std::vector<Visualization> look_at_all(const std::vector<float>& sound) {
  SoundPainter painter;
  std::vector<Visualization> out;
  for (std::size_t at = 0; at + Visualization::kWindow <= sound.size(); at += kMoment) {
    out.push_back(painter.look_at(std::span(sound).subspan(at, Visualization::kWindow)));
  }
  return out;
}

TEST(Fft, IsTheTransformByItsDefinition) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> unit(-1, 1);
  for (const std::size_t size : {4u, 8u, 64u, 256u}) {
    std::vector<float> in(size), out(size / 2 + 1);
    for (float& sample : in) sample = unit(random);
    Fft(size).magnitudes(in, out);
    for (std::size_t k = 0; k <= size / 2; ++k) {
      std::complex<double> sum;
      for (std::size_t n = 0; n < size; ++n) {
        sum +=
            static_cast<double>(in[n]) *
            std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(k * n) / static_cast<double>(size));
      }
      EXPECT_NEAR(static_cast<double>(out[k]), std::abs(sum), 1e-4) << size << ", " << k;
    }
  }
}

TEST(Visualization, ASweepIsSeenAtItsPitchAndInItsBand) {
  for (double frequency = 45; frequency < 15'900; frequency *= 1.013) {
    const Visualization seen = SoundPainter().look_at(sine(frequency, 0.5));
    EXPECT_NEAR(seen.peak_frequency, frequency, 2.0);
    const auto loudest =
        static_cast<std::size_t>(std::max_element(seen.bands.begin(), seen.bands.end()) - seen.bands.begin());
    // Where bands are narrower than what can be told apart, a neighbour may be as loud.
    const double unsure = 2.0 * Visualization::kRate / Visualization::kWindow;
    EXPECT_GE(frequency, band_edge(loudest) - unsure) << frequency;
    EXPECT_LE(frequency, band_edge(loudest + 1) + unsure) << frequency;
    EXPECT_NEAR(decibels(seen.bands[loudest]), -6.02, 1.7) << "a bin's edge is 1.4 dB down, at " << frequency;
  }
}

TEST(Visualization, LevelsFollowTheSound) {
  for (double db = 0; db > Visualization::kFloor; db -= 1.7) {
    const Visualization seen = SoundPainter().look_at(sine(999, std::pow(10, db / 20)));
    EXPECT_NEAR(decibels(seen.loudness), db, 0.25);
    EXPECT_NEAR(decibels(seen.peak_level), db, 1.7);
  }
  EXPECT_EQ(SoundPainter().look_at(sine(999, 0.0005)).loudness, 0) << "below the floor";
  EXPECT_EQ(SoundPainter().look_at(sine(999, 40)).loudness, 255) << "clipped";
}

TEST(Visualization, SilenceIsNothing) {
  EXPECT_EQ(SoundPainter().look_at(std::vector<float>(Visualization::kWindow)), Visualization{});
  const std::vector<float> broken(Visualization::kWindow, std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(SoundPainter().look_at(broken), Visualization{});
}

TEST(Visualization, BeatsAreSeenWhereTheyAreAndNowhereElse) {
  constexpr int kBeat = Visualization::kRate / 2;  // 120 a minute
  std::vector<float> sound(10 * Visualization::kRate);
  std::mt19937 random(1);
  std::normal_distribution<float> noise(0, 0.2f);
  std::vector<int> beats;
  for (int at = kBeat; at + kBeat < static_cast<int>(sound.size()); at += kBeat) {
    beats.push_back(at);
    for (int i = 0; i < 4000; ++i)
      sound[static_cast<std::size_t>(at + i)] = noise(random) * std::exp(-static_cast<float>(i) / 900);
  }
  for (std::size_t i = 0; i < sound.size(); ++i) sound[i] += 0.01f * noise(random);
  const auto seen = look_at_all(sound);
  std::vector<int> found;
  for (std::size_t i = 2; i < seen.size(); ++i) {  // with the first ones the sound itself begins
    if (seen[i].onset > 0) found.push_back(static_cast<int>(i) * kMoment + Visualization::kWindow / 2);
  }
  ASSERT_EQ(found.size(), beats.size());
  for (std::size_t i = 0; i < beats.size(); ++i) EXPECT_NEAR(found[i], beats[i], 2 * kMoment);
}

TEST(Visualization, ASteadyToneHasNoBeats) {
  const auto seen = look_at_all(sine(440, 0.5, 5 * Visualization::kRate));
  for (std::size_t i = 2; i < seen.size(); ++i) EXPECT_EQ(seen[i].onset, 0) << i;
}

TEST(Visualization, IsSentAsDocumented) {
  Visualization moment;
  moment.loudness = 200;
  moment.onset = 7;
  moment.peak_frequency = 0x1234;
  moment.peak_level = 180;
  for (std::size_t i = 0; i < moment.bands.size(); ++i) moment.bands[i] = static_cast<std::uint8_t>(i * 3);
  const auto bytes = to_bytes(moment);
  ASSERT_EQ(bytes.size(), 38u);
  EXPECT_EQ(std::vector<std::uint8_t>(bytes.begin(), bytes.begin() + 8),
            (std::vector<std::uint8_t>{200, 7, 0x12, 0x34, 180, 32, 0, 3}));
  EXPECT_EQ(bytes.back(), 93);
  EXPECT_EQ(visualizer_encoding().rate, Visualization::kRate);
  EXPECT_EQ(chunk_frames(visualizer_encoding()), kMoment);
}

}  // namespace
}  // namespace tutti
