// Reads the machine's clocks. Only the edges hold one (net, server, media's progress); everything below
// them is told the time.
#pragma once

#include "base/time.h"

namespace tutti {

// Counts from the machine's start rather than the server's, so that a server that is started again has the
// time that its players know: they play on as if nothing had been.
class ServerClock {
 public:
  ServerClock() : anchor_(read_anchor()) {}

  ServerTime now() const {
    return {std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
  }
  // What the calendar says now. For dates that others have set (when a token expires); what plays when goes
  // by the anchor.
  WallTime date() const {
    return {std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())};
  }
  WallAnchor wall_anchor() const { return anchor_; }

 private:
  // To some microseconds, or what is on air is elsewhere after a restart: of several readings of both clocks
  // the one that was interrupted least.
  static WallAnchor read_anchor() {
    using std::chrono::steady_clock, std::chrono::system_clock, std::chrono::nanoseconds;
    nanoseconds shortest = nanoseconds::max(), apart{0};
    for (int i = 0; i < 16; ++i) {
      const nanoseconds before = steady_clock::now().time_since_epoch();
      const nanoseconds calendar = system_clock::now().time_since_epoch();
      const nanoseconds took = steady_clock::now().time_since_epoch() - before;
      if (took >= shortest) continue;
      shortest = took;
      apart = calendar - before - took / 2;
    }
    return {{std::chrono::duration_cast<Duration>(apart)}};
  }

  WallAnchor anchor_;
};

}  // namespace tutti
