// Load generator for the benchmarks: thousands of HTTP radio listeners in one thread, with raw sockets and
// epoll so that it costs far less than the server. The same binary loads Tutti and Icecast.
//
// Standard output: the lines "connected" (all have audio or have failed), "steady" (the burst is behind them)
// and "end" (of the measured window), then one JSON object. With --driven the window begins at a line on
// standard input and the listeners stay until standard input ends, so that a driver can sample the server
// exactly around the window.

#include "loadgen/crowd.h"
#include "loadgen/options.h"
#include "loadgen/report.h"

#include <cstdio>
#include <exception>
#include <sys/resource.h>

int main(int argc, char** argv) {
  const auto options = loadgen::parse_options(argc, argv);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  try {
    loadgen::Crowd crowd(options);
    crowd.run();
    std::puts(loadgen::report(options, crowd).c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "loadgen: %s\n", error.what());
    return 1;
  }
}
