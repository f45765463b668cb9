#include "media/loudness_picture.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

constexpr Frames kStep = LoudnessPicture::kFinest;

std::vector<std::uint8_t> picture(const std::vector<float>& pcm, int channels, Frames length) {
  LoudnessPicture made(length, channels);
  made.add(pcm);
  return made.points();
}

std::vector<float> level(Frames samples, float value) {
  return std::vector<float>(static_cast<std::size_t>(samples), value);
}

TEST(LoudnessPicture, APointIsThePeakAndTheMeanOfItsSamples) {
  auto pcm = level(2 * kStep, 0.25f);
  pcm[3] = -1.f;
  const auto points = picture(pcm, 1, 2 * kStep);
  ASSERT_EQ(points.size(), 4U);
  EXPECT_EQ(points[0], 255);
  EXPECT_NEAR(points[1], 128, 1);
  EXPECT_EQ(points[2], 128);
  EXPECT_EQ(points[3], 128);
}

TEST(LoudnessPicture, TheLastPointMayBeShort) {
  const auto points = picture(level(kStep + 10, 1.f), 1, kStep + 10);
  EXPECT_EQ(points, std::vector<std::uint8_t>({255, 255, 255, 255}));
}

TEST(LoudnessPicture, WhatIsMissingIsSilentAndWhatIsTooMuchIsPassedOver) {
  EXPECT_EQ(picture(level(kStep, 1.f), 1, 2 * kStep), std::vector<std::uint8_t>({255, 255, 0, 0}));
  EXPECT_EQ(picture(level(5 * kStep, 1.f), 1, kStep), std::vector<std::uint8_t>({255, 255}));
}

TEST(LoudnessPicture, WhatIsNoSoundBreaksNothing) {
  auto pcm = level(kStep, 0.f);
  pcm[0] = std::nanf("");
  pcm[1] = INFINITY;
  const auto points = picture(pcm, 1, kStep);
  EXPECT_EQ(points[0], 255);
  EXPECT_EQ(points[1], 0) << "the mean is no number";
}

TEST(LoudnessPicture, ItIsBoundedForASoundOfAnyLength) {
  std::mt19937_64 random(3);
  for (int n = 0; n < 1000; ++n) {
    const Frames length = 1 + static_cast<Frames>(random() >> (20 + random() % 43));
    const Frames step = LoudnessPicture::step(length);
    ASSERT_EQ(step % kStep, 0);
    ASSERT_LE(LoudnessPicture::size(length), 2U << 18) << length;
    ASSERT_EQ(LoudnessPicture::size(length), static_cast<std::size_t>((length + step - 1) / step) * 2);
    if (step > kStep) {
      ASSERT_GT((length + step / 2 - 1) / (step / 2), LoudnessPicture::kMostPoints);
    }
  }
  EXPECT_EQ(LoudnessPicture::size(Frames{2} * 3600 * 48000), 300'000U);
}

// However it comes in pieces, the picture is the same; both channels are in it.
TEST(LoudnessPicture, PiecesMakeNoDifference) {
  std::mt19937 random(5);
  std::vector<float> pcm(static_cast<std::size_t>(7 * kStep * 2));
  for (auto& each : pcm) each = static_cast<float>(random() % 2001) / 1000.f - 1.f;
  const auto whole = picture(pcm, 2, 7 * kStep);
  LoudnessPicture pieces(7 * kStep, 2);
  for (std::size_t at = 0; at < pcm.size();) {
    const std::size_t size = std::min(pcm.size() - at, std::size_t{2} * (1 + random() % 3000));
    pieces.add(std::span(pcm).subspan(at, size));
    at += size;
  }
  EXPECT_EQ(pieces.points(), whole);
  auto right = level(2 * kStep, 0.f);
  right[1] = 1.f;
  EXPECT_EQ(picture(right, 2, kStep)[0], 255);
}

}  // namespace
}  // namespace tutti::media
