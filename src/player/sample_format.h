// How a sample is written, as one word, and what follows from it.
#pragma once

#include "domain/pcm_format.h"

#include <cstddef>
#include <string>

namespace tutti::player {

enum class SampleFormat { u8, s16, s24, s32, f32 };  // as WAV has them: 8 bits unsigned, 24 packed in 3 bytes

std::size_t bytes_per_sample(SampleFormat format);
PcmFormat pcm_format(int rate, int channels, SampleFormat sample);
SampleFormat sample_of(const PcmFormat& format);

// As sizes in memory are counted.
inline std::size_t frame_bytes(const PcmFormat& format) {
  return static_cast<std::size_t>(format.frame_bytes());
}

// "44.1 kHz stereo 16 bit", for people.
std::string describe(const PcmFormat& format);

}  // namespace tutti::player
