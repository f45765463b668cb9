// The head of a WAV file: RIFF, and RF64 (EBU Tech 3306) where the sizes outgrow 32 bits.
#pragma once

#include "player/sample_format.h"

#include <cstdint>
#include <vector>

namespace tutti::player {

// Everything before the first sample, for `data_bytes` of samples after it (an odd number is padded by one
// byte, which the caller writes). Equally long for every `data_bytes`, so that it can be written again when
// more is known: room for RF64's sizes is kept by a JUNK chunk.
std::vector<std::uint8_t> wav_header(const PcmFormat& format, std::uint64_t data_bytes);

}  // namespace tutti::player
