// What the command line asks for.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace loadgen {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Seconds = std::chrono::duration<double>;

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string path = "/";
  bool tls = false;
  std::size_t listeners = 1;
  std::size_t stalled = 0;  ///< so many of `listeners` never read
  Seconds ramp{0};          ///< the connects are spread over this time
  Seconds connect_timeout{60};
  Seconds settle{6};         ///< from the last first byte to "steady": the burst is read by then
  Seconds duration{20};      ///< the measured window
  Seconds read_interval{1};  ///< each listener's socket is emptied once in this time
  Seconds prebuffer{1};      ///< a player starts this long after its first byte
  double bytes_per_second = 16000;
  unsigned first_source = 1;  ///< the connects come from 127.0.0.first_source and the next `sources` - 1
  unsigned sources = 8;
  bool driven = false;  ///< wait for a line on stdin before the window, and for its end before the result
};

/// Prints what is wrong, or the help, and exits on a command line that it cannot use.
Options parse_options(int argc, char** argv);

}  // namespace loadgen
