// Reads the machine's clocks. Only the edges hold one (net, server, media's progress); everything below
// them is told the time.
#pragma once

#include "base/time.h"

namespace tutti {

class ServerClock {
 public:
  ServerClock()
      : start_(std::chrono::steady_clock::now()),
        anchor_{{std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())}} {
  }

  ServerTime now() const {
    return {std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start_)};
  }
  // What the calendar says now. For dates that others have set (when a token expires); what plays when goes
  // by the anchor.
  WallTime date() const {
    return {std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())};
  }
  WallAnchor wall_anchor() const { return anchor_; }

 private:
  std::chrono::steady_clock::time_point start_;
  WallAnchor anchor_;
};

}  // namespace tutti
