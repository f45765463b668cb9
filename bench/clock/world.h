// A pair of clocks and the network between them, made up: what is true, and what four timestamps show of it.
// Seconds throughout; the server's clock is the world's.
#pragma once

#include "dice.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bench {

// Jumps of the offset (server minus client). Asleep, the client's clock stands, and nobody asks or plays.
struct Step {
  double at = 0;
  double by = 0;
  bool is_sleep = false;  // it lasts for `by`
};

struct Clocks {
  double drift = 0;                // of the offset, seconds per second
  double swing = 0, period = 600;  // of the drift, as the crystal is warmed and cooled
  double wander = 1e-9;            // random walk of the drift, per square root of a second
  std::vector<Step> steps{};
};

// What delays one direction, added up; in order, as on any one connection.
struct Way {
  double base = 0;
  double jitter = 0;             // mean
  int shape = 1;                 // how many exponential parts make the jitter; 1 has a sharp floor
  double noise = 0;              // normal, both signs: timestamps that are not exact
  double queue = 0;              // uniform up to this
  double spikes = 0, spike = 0;  // how often, and how long on average
  double naps = 0;               // how often a radio sleeps until its next beacon, within 102.4 ms
  double burst = 0;              // mean delay while there is a burst
  double bloat = 0;              // a standing queue of up to this while somebody uploads
};

struct Network {
  Way there, back;
  double calm = 0, storm = 0;         // mean lengths of the times without and with a burst or upload
  double stall_every = 0, stall = 0;  // nothing arrives for up to `stall`, then all at once
  std::vector<std::pair<double, double>> moves{};  // from when on both ways have which base
};

struct Scenario {
  std::string name, what;
  Clocks clocks;
  Network network;
  bool is_lan = false;
  double seconds = 600;
};

// One thing that happens, in the order of a client's experience.
struct Event {
  bool is_exchange = false;
  std::int64_t sent = 0, received = 0, answered = 0, arrived = 0;  // µs; of an exchange
  std::int64_t client = 0, server = 0;                             // µs; else: what is true
};
using Trace = std::vector<Event>;

std::vector<Scenario> scenarios();
Scenario scenario(const std::string& name);  // throws std::runtime_error where there is none
Trace simulate(const Scenario& scenario, std::uint64_t seed);

}  // namespace bench
