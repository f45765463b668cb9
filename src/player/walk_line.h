// What is told of a walk while it is played: a line for people, and lines for programs that measure.
#pragma once

#include "player/asset_fetcher.h"
#include "player/sync_engine.h"
#include "player/walk_conversation.h"
#include "player/walk_plan.h"

#include <string>

namespace tutti::player {

struct WalkView {
  const WalkNews& news;
  const FetchStates& files;
  const SyncStatus& status;
  const WalkSpan* span = nullptr;  // what is heard or comes next
  ServerTime now;
  int volume = 100;
  bool is_muted = false;
};

// "The park · forest 0:12 / 0:35 · sync +0.01 ms ± 0.04 · volume 80 → Speakers".
std::string walk_line(const WalkView& view, const std::string& output);

// One JSON object. Times are in microseconds; "began": when frame 0 of the output was heard, on this
// machine's monotonic clock; "cue": of what is heard, null where it is nothing.
std::string walk_report_line(const WalkView& view);

// One JSON object for each cue that has begun. "start_error": by how much it is heard too late; "late": how
// long after its start it was known of; "start": on the server's clock, "heard": when that is on this
// machine's monotonic clock.
struct StartedCue {
  std::int64_t cue = 0;
  ServerTime start;
  Micros heard{0};
  Duration error{0}, late{0};
};
std::string start_line(const StartedCue& started);

}  // namespace tutti::player
