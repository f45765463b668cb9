// The phones of a walk by the hundred, in one thread, with the networks and the clocks that phones have.
// Phone 0 has neither delay nor drift: by it is known what is true.
//
// Standard input is a line each: `heard`, `state`, `kill COUNT`, `cut COUNT SECONDS`; it ends with the input.
// The first two are answered with a line of JSON, times in µs of this machine's monotonic clock:
//   heard   [phone, cue, start (server), arrived, begins, first round trip, last round trip] of each cue
//   heard of state   [phone, knows the clock, the cue that plays, when it began, uncertainty] of each phone
#include "walk/crowd.h"
#include "websocket/options.h"

#include <cstdio>
#include <iostream>
#include <sstream>

int main(int argc, char** argv) {
  const bench::Options options(argc, argv,
                               {{"--port", "0"},
                                {"--phones", "1"},
                                {"--rate", "200"},
                                {"--least-ms", "0"},
                                {"--most-ms", "0"},
                                {"--uneven-us", "0"},
                                {"--queue-ms", "0"},
                                {"--drift-ppm", "0"},
                                {"--refusing", "0"},
                                {"--source", "1"},
                                {"--seed", "1"}});
  const auto number = [&](const char* name) { return static_cast<double>(options.number(name)); };
  walk::Plan plan;
  plan.port = static_cast<std::uint16_t>(options.number("--port"));
  plan.phones = static_cast<std::size_t>(options.number("--phones"));
  plan.per_second = static_cast<std::size_t>(options.number("--rate"));
  plan.least_rest = number("--least-ms") * 1000;
  plan.most_rest = number("--most-ms") * 1000;
  plan.uneven = number("--uneven-us");
  plan.queue = number("--queue-ms") * 1000;
  plan.drift = number("--drift-ppm") * 1e-6;
  plan.refusing = static_cast<std::size_t>(options.number("--refusing"));
  plan.seed = static_cast<std::uint64_t>(options.number("--seed"));
  plan.source = static_cast<int>(options.number("--source"));
  std::setvbuf(stdin, nullptr, _IONBF, 0);  // what waits there is seen by the crowd
  try {
    walk::Crowd crowd(plan);
    crowd.run([&] {
      std::string line;
      if (!std::getline(std::cin, line)) return false;
      std::istringstream words(line);
      std::string verb;
      std::size_t count = 0;
      double seconds = 0;
      words >> verb >> count >> seconds;
      if (verb == "heard") std::puts(crowd.heard().c_str());
      if (verb == "state") std::puts(crowd.state().c_str());
      if (verb == "kill") crowd.kill(count);
      if (verb == "cut") crowd.cut(count, static_cast<walk::Micros>(seconds * 1e6));
      std::fflush(stdout);
      return true;
    });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "walk_crowd: %s\n", error.what());
    return 1;
  }
}
