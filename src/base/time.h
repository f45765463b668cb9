// Each clock has its type. ServerTime never jumps and dies with the machine's run; WallTime survives it and
// may jump. They mix only in WallAnchor, which is taken once at start. ClientTime is another machine's:
// ClockFilter (domain/clock_filter.h) says what it is on the server.
#pragma once

#include <chrono>
#include <compare>

namespace tutti {

using Duration = std::chrono::microseconds;

// A moment on the server's monotonic clock.
struct ServerTime {
  Duration since_start{0};

  friend auto operator<=>(const ServerTime&, const ServerTime&) = default;
  friend ServerTime operator+(ServerTime t, Duration d) { return {t.since_start + d}; }
  friend ServerTime operator-(ServerTime t, Duration d) { return {t.since_start - d}; }
  friend Duration operator-(ServerTime a, ServerTime b) { return a.since_start - b.since_start; }
};

// A moment on a client's monotonic clock.
struct ClientTime {
  Duration since_start{0};

  friend auto operator<=>(const ClientTime&, const ClientTime&) = default;
  friend ClientTime operator+(ClientTime t, Duration d) { return {t.since_start + d}; }
  friend ClientTime operator-(ClientTime t, Duration d) { return {t.since_start - d}; }
  friend Duration operator-(ClientTime a, ClientTime b) { return a.since_start - b.since_start; }
};

// A moment on the calendar. Only at the edges: what is stored, logged or sent as a date.
struct WallTime {
  Duration since_unix_epoch{0};

  friend auto operator<=>(const WallTime&, const WallTime&) = default;
};

// What the calendar would have said when the server's clock was at zero. Taken once, so that a clock set
// while the server runs moves no station.
struct WallAnchor {
  WallTime at_start;

  ServerTime to_server(WallTime t) const { return {t.since_unix_epoch - at_start.since_unix_epoch}; }
  WallTime to_wall(ServerTime t) const { return {at_start.since_unix_epoch + t.since_start}; }
};

}  // namespace tutti
