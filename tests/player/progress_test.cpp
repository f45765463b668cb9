#include "player/progress.h"

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

const PcmFormat kFormat = pcm_format(44'100, 2, SampleFormat::s16);

TEST(ProgressLine, TellsPositionBufferFormatAndDropouts) {
  EXPECT_EQ(progress_line("Speakers", kFormat, {0, 22'050, 2}, 65 * 44'100),
            "1:05 · 0.5 s ahead · 44.1 kHz stereo 16 bit · 2 dropouts → Speakers");
  EXPECT_EQ(progress_line("song.wav", kFormat, {0, 0, 0}, 3'661 * 44'100),
            "1:01:01 · 44.1 kHz stereo 16 bit → song.wav");
  EXPECT_EQ(progress_line("null", kFormat, {0, 0, 1}, -5),
            "0:00 · 44.1 kHz stereo 16 bit · 1 dropout → null");
}

}  // namespace
}  // namespace tutti::player
