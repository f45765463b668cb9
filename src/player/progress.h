// The line that tells how listening goes.
#pragma once

#include "player/output.h"
#include "player/sample_format.h"

#include <string>

namespace tutti::player {

// "1:05 · 0.5 s ahead · 44.1 kHz stereo 16 bit · 2 dropouts → Speakers". `position`: frames of the stream
// that were played; below zero while an earlier one still is.
std::string progress_line(const std::string& output, const PcmFormat& format, const OutputStatus& status,
                          Frames position);

}  // namespace tutti::player
