// What raw samples look like: interleaved, little-endian.
#pragma once

#include "domain/audio_time.h"

namespace tutti {

struct PcmFormat {
  int rate = 0;           // Hz
  int channels = 0;       // at most 64
  int sample_width = 0;   // bytes of one sample of one channel: 2, 3 or 4
  bool is_float = false;  // IEEE 754 of 4 bytes, else signed integers

  int frame_bytes() const { return channels * sample_width; }
  friend bool operator==(const PcmFormat&, const PcmFormat&) = default;
};

}  // namespace tutti
