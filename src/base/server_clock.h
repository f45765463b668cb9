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
  WallAnchor wall_anchor() const { return anchor_; }

 private:
  std::chrono::steady_clock::time_point start_;
  WallAnchor anchor_;
};

}  // namespace tutti
