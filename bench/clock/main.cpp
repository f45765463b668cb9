// Runs clock filters over made-up or recorded traces; bench/clock.py makes a table of what it prints.
//
//   clock_trial [--seeds N] [--only NAME]   every scenario, N traces of each: a line of JSON per scenario
//   clock_trial --replay FILE…              recorded traces (trace_file.h has the format)
//   clock_trial --trace NAME SEED           prints a made-up trace
//   clock_trial --vectors                   prints tests/vectors/clock.txt
#include "score.h"
#include "trace_file.h"

#include <cstdio>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Words = std::vector<std::string>;

void try_all(int seeds, const std::string& only) {
  for (const bench::Scenario& scenario : bench::scenarios()) {
    if (!only.empty() && scenario.name != only) continue;
    bench::Score score;
    for (int seed = 1; seed <= seeds; ++seed)
      score.add(bench::simulate(scenario, static_cast<std::uint64_t>(seed)));
    std::cout << score.json(scenario.name, scenario.what, scenario.is_lan) << std::endl;
  }
}

void run(const Words& words) {
  if (words.size() == 1 && words[0] == "--vectors") return bench::write_vectors(std::cout);
  if (words.size() == 3 && words[0] == "--trace") {
    return bench::write_trace(std::cout, bench::simulate(bench::scenario(words[1]), std::stoull(words[2])));
  }
  if (words.size() >= 2 && words[0] == "--replay") {
    for (std::size_t i = 1; i < words.size(); ++i) {
      bench::Score score;
      score.add(bench::read_trace(words[i]));
      const std::string name = words[i].substr(words[i].rfind('/') + 1);
      std::cout << score.json(name, "recorded", false) << std::endl;
    }
    return;
  }
  int seeds = 5;
  std::string only;
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    if (words[i] == "--seeds") seeds = std::stoi(words[i + 1]);
    if (words[i] == "--only") only = bench::scenario(words[i + 1]).name;
  }
  try_all(seeds, only);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(Words(argv + 1, argv + argc));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "clock_trial: %s\n", error.what());
    return 1;
  }
}
