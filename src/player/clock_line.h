// The server's clock as a straight line over this machine's: what a clock filter knows, in a form that an
// audio callback can be handed.
#pragma once

#include <chrono>

namespace tutti::player {

// Microseconds and their fractions since a clock's zero, or between two moments of it. A double tells a tenth
// of a nanosecond apart for 30 years.
using Micros = std::chrono::duration<double, std::micro>;

struct ClockLine {
  bool is_known = false;
  Micros client{0};  // at this moment here,
  Micros server{0};  // it is this moment there,
  double drift = 0;  // and of each second here there pass 1 + drift
  Micros uncertainty{0};

  Micros to_server(Micros t) const { return server + (t - client) * (1 + drift); }
  Micros to_client(Micros t) const { return client + (t - server) / (1 + drift); }
};

}  // namespace tutti::player
