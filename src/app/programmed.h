// Port: what plays on a timeline, as audio is made of it. A station has one, and so has a group of players
// with a programme of its own. Owned by the control thread.
#pragma once

#include "base/result.h"
#include "domain/audio_time.h"
#include "domain/segment.h"

#include <vector>

namespace tutti::app {

class Programmed {
 public:
  virtual ~Programmed() = default;

  // What its segments are counted by. Does not change while somebody makes audio of it: another clock (after
  // a pause or a seek) is another SyncBroadcast.
  virtual FrameClock clock() const = 0;
  // The committed segments from what is on air at `from` on, consecutive; nothing before `from` is asked for
  // any more. What lies between and behind them is silence.
  virtual std::vector<Segment> segments(Frames from, ServerTime now) = 0;
  // Its file cannot be played: silence takes its place until the programme has changed.
  virtual void on_failed(const Segment& segment, const Error& why, ServerTime now) = 0;
};

}  // namespace tutti::app
