#include "player/sample_format.h"

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

TEST(Describe, TellsPeople) {
  EXPECT_EQ(describe(pcm_format(44'100, 2, SampleFormat::s16)), "44.1 kHz stereo 16 bit");
  EXPECT_EQ(describe(pcm_format(48'000, 1, SampleFormat::s24)), "48 kHz mono 24 bit");
  EXPECT_EQ(describe(pcm_format(11'025, 6, SampleFormat::f32)), "11.025 kHz 6 channels float");
  EXPECT_EQ(describe(pcm_format(8'000, 1, SampleFormat::u8)), "8 kHz mono 8 bit");
}

TEST(FrameBytes, AFrameIsOneSampleOfEveryChannel) {
  EXPECT_EQ(frame_bytes(pcm_format(44'100, 2, SampleFormat::s16)), 4u);
  EXPECT_EQ(frame_bytes(pcm_format(44'100, 6, SampleFormat::s24)), 18u);
  EXPECT_EQ(frame_bytes(pcm_format(44'100, 1, SampleFormat::s32)), 4u);
}

TEST(SampleOf, IsTheInverse) {
  for (const SampleFormat sample :
       {SampleFormat::u8, SampleFormat::s16, SampleFormat::s24, SampleFormat::s32, SampleFormat::f32}) {
    EXPECT_EQ(sample_of(pcm_format(48'000, 2, sample)), sample);
  }
}

}  // namespace
}  // namespace tutti::player
