// What plays at which position as of when. What is heard at any other time is arithmetic, not a running
// process.
#pragma once

#include "domain/audio_time.h"
#include "domain/track.h"

namespace tutti {

struct Timeline {
  TrackId track;
  Frames position = 0;  // at `rate` Hz, as of `at`
  int rate = 0;
  ServerTime at;
  bool playing = false;

  // Where the track is at `t`; before `at` it is where it would have been. Never below 0.
  Frames position_at(ServerTime t) const {
    if (!playing) return position;
    const Frames moved = position + frames_in(t - at, rate);
    return moved > 0 ? moved : 0;
  }
};

}  // namespace tutti
