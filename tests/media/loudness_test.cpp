#include "media/loudness.h"

#include "tests/media/test_audio.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

using namespace test;

Pcm sine(double level_db, int channels) {
  Pcm pcm{48000, channels, {}};
  for (int n = 0; n < 48000 * 4; ++n) {
    const double value = std::pow(10, level_db / 20) * std::sin(2 * std::numbers::pi * 997 * n / 48000);
    pcm.samples.insert(pcm.samples.end(), static_cast<std::size_t>(channels), static_cast<float>(value));
  }
  return pcm;
}

Result<Loudness> measure(const Pcm& pcm) {
  const auto path = fresh_dir("loudness") / "x.wav";
  write_wav(path, pcm, -32);
  return measure_loudness(path.string(), never);
}

// EBU Tech 3341: a stereo sine of 1 kHz at -23 dBFS measures -23 LUFS.
TEST(LoudnessTest, MeasuresTheReferenceTone) {
  for (const int channels : {1, 2}) {
    const auto loudness = measure(sine(-23, channels));
    ASSERT_TRUE(loudness);
    EXPECT_NEAR(loudness->integrated_lufs, -23, 0.1) << channels;
    EXPECT_NEAR(loudness->true_peak_dbtp, -23, 0.2);
  }
}

TEST(LoudnessTest, SilenceHasAFiniteFloor) {
  const auto loudness = measure({48000, 2, std::vector<float>(48000)});
  ASSERT_TRUE(loudness);
  EXPECT_EQ(loudness->integrated_lufs, -70);
  EXPECT_EQ(loudness->true_peak_dbtp, -144);
}

TEST(LoudnessTest, CanBeCancelledAndFails) {
  const auto path = fresh_dir("loudness") / "x.wav";
  write_wav(path, sine(-23, 1));
  EXPECT_FALSE(measure_loudness(path.string(), [] { return true; }));
  EXPECT_FALSE(measure_loudness("/missing.wav", never));
}

}  // namespace
}  // namespace tutti::media
