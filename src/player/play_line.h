// What is told while sound is played in sync: a line for people, and one for programs that measure.
#pragma once

#include "player/play_conversation.h"
#include "player/sync_engine.h"

#include <string>

namespace tutti::player {

// "Title · Artist · 1:05 / 3:20 · flac 44.1 kHz stereo · 9.8 s ahead · sync +0.01 ms ± 0.04 · volume 80 →
// Speakers".
std::string play_line(const PlayNews& news, const SyncStatus& status, const std::string& output);

// One JSON object. Times are in microseconds; "began": when frame 0 of the output was heard, on this
// machine's monotonic clock, as far as the output knows.
std::string report_line(const PlayNews& news, const SyncStatus& status);

}  // namespace tutti::player
