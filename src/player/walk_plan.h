// What of a walk is to be heard when, as runs of samples. Pure. All loudspeakers count on one grid: frame k
// is heard k / 48000 s after the server's clock was at zero, so a cue begins at the frame that is nearest to
// its start, 10 µs away at most, and nothing that is made anew has another phase than before.
#pragma once

#include "domain/walk.h"

#include <string>
#include <vector>

namespace tutti::player {

// The frame that is nearest to a moment, and when it is heard.
Frames grid_frame(ServerTime t);
ServerTime grid_time(Frames frame);

// One cue from its start until the next one's, or its end; in frames of the grid.
struct WalkSpan {
  std::int64_t cue = 0;
  std::string asset;
  ServerTime start;  // of the cue
  Frames begin = 0, end = 0;
  Frames first = 0, length = 0;  // the part, in samples of the asset
  bool loop = false;
  float gain = 1;
  Frames fade_begin = 0, fade_end = 0;  // from full to silent, where it was stopped; both are `end` otherwise
  bool softens_begin = false, softens_end = false;

  // Which sample of the asset is heard at a frame between begin and end, and how loud.
  Frames sample_at(Frames frame) const;
  float level_at(Frames frame) const;
  // For so many frames from `frame` on the samples follow each other.
  Frames run_at(Frames frame) const;

  friend bool operator==(const WalkSpan&, const WalkSpan&) = default;
};

// In order, none overlaps with another.
using WalkPlan = std::vector<WalkSpan>;

// What is heard at `now`, and then.
WalkPlan plan_of(const Walk& walk, ServerTime now);

// That of `frame`, or the next one; nullptr: nothing follows.
const WalkSpan* span_from(const WalkPlan& plan, Frames frame);

}  // namespace tutti::player
