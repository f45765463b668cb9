// An hour of drift in virtual time: clocks that run unevenly and warm up, networks that queue, the project's
// clock filter, and the engine of `tutti play` before a device with a crystal of its own.
//
//   walk_drift --trace SEED SECONDS         what a phone of that seed sees, for bench/walk/drift.ts
//   (clock/trace_file.h) walk_drift --native SEEDS SECONDS       each through the native engine: a line of
//   JSON
#include "clock/dice.h"
#include "clock/trace_file.h"
#include "clock/world.h"
#include "domain/clock_filter.h"
#include "player/sync_engine.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace tutti;

constexpr double kSecond = 1e6, kPpm = 1e-6;
constexpr double kFirst = 20;  // seconds in which the clock gets known: told by themselves

bench::Trace trace_of(std::uint64_t seed, double seconds) {
  bench::Dice dice(seed * 7919);
  bench::Scenario scenario;
  scenario.seconds = seconds;
  scenario.clocks.drift = dice.between(-40, 40) * kPpm;
  scenario.clocks.swing = dice.between(0, 3) * kPpm;
  scenario.clocks.period = dice.between(600, 3600);
  bench::Way way;
  way.base = dice.between(0.02, 0.15);
  way.jitter = 0.0005;
  way.bloat = 0.4;
  scenario.network.there = scenario.network.back = way;
  scenario.network.there.base += dice.between(-0.5e-3, 0.5e-3);
  scenario.network.calm = 0.8;
  scenario.network.storm = 1.2;
  return bench::simulate(scenario, seed);
}

// When a frame of the device is heard, by the phone's clock (µs): its crystal is another one, and warms up
// too.
class Device {
 public:
  Device(std::uint64_t seed, player::Micros begin) : begin_(begin) {
    bench::Dice dice(seed * 104'729);
    drift_ = dice.between(-40, 40) * kPpm;
    swing_ = dice.between(0, 3) * kPpm;
    period_ = dice.between(600, 3600);
  }
  static constexpr int kRate = 48'000;

  player::Micros heard(Frames frame) const {
    const double t = static_cast<double>(frame) / kRate;
    const double angle = 2 * std::numbers::pi / period_;
    return begin_ + player::Micros((t * (1 + drift_) + swing_ / angle * (1 - std::cos(angle * t))) * kSecond);
  }

 private:
  player::Micros begin_;
  double drift_ = 0, swing_ = 0, period_ = 1;
};

struct Result {
  std::vector<double> errors;  // µs
  double most_correction = 0;
  double most_at_first = 0;  // µs, while the clock gets known
  std::int64_t starts = 0, jumps = 0;
};

Result play(std::uint64_t seed, double seconds) {
  using player::Micros;
  constexpr int kRate = Device::kRate;
  constexpr Frames kBlock = 480;
  constexpr double kNoise = 30;  // µs, of what the device says
  const bench::Trace trace = trace_of(seed, seconds);
  ClockFilter filter;
  player::TimedSamples samples(kRate, 1, Duration(3'000'000));
  player::SyncEngine engine(samples, Micros(0));
  bench::Dice dice(seed);
  Result out;

  // The first moment of which it is known what is true.
  auto truth = std::find_if(trace.begin(), trace.end(), [](const auto& e) { return !e.is_exchange; });
  const double begin = static_cast<double>(truth->client);
  const Device device(seed, Micros(begin));
  Frames rendered = 0, fed = 0;
  std::int64_t first_sound = 0;  // of the server
  std::vector<float> block(kBlock), chunk(kRate / 10);
  for (std::size_t i = 0; i < chunk.size(); ++i) chunk[i] = static_cast<float>(i % 97) / 97;
  double last_client = begin, last_server = static_cast<double>(truth->server);
  for (const auto& event : trace) {
    if (event.is_exchange) {
      filter.add({{Duration{event.sent}},
                  {Duration{event.received}},
                  {Duration{event.answered}},
                  {Duration{event.arrived}}});
      const ClientTime now{Duration{event.arrived}};
      if (filter.ready()) {
        engine.set_clock({true, Micros(static_cast<double>(event.arrived)),
                          Micros(static_cast<double>(filter.to_server(now).since_start.count())),
                          filter.drift(), Micros(static_cast<double>(filter.uncertainty(now).count()))});
      }
      continue;
    }
    // Up to here the truth is a line.
    const double client = static_cast<double>(event.client), server = static_cast<double>(event.server);
    const double pace = client > last_client ? (server - last_server) / (client - last_client) : 1;
    if (first_sound == 0) first_sound = event.server;
    while (device.heard(rendered).count() < client) {
      const double heard = device.heard(rendered).count();
      const double there = last_server + (heard - last_client) * pace;
      while (first_sound + fed * 1'000'000 / kRate < static_cast<std::int64_t>(there) + 1'000'000) {
        if (!samples.write({Duration{first_sound + fed * 1'000'000 / kRate}}, chunk)) break;
        fed += static_cast<Frames>(chunk.size());
      }
      engine.render(block, Micros(heard + dice.normal(kNoise)), false);
      rendered += kBlock;
      const auto& status = engine.status();
      const bool is_first = heard - begin < kFirst * kSecond;
      if (is_first) {
        out.starts = -status.starts;
        out.jumps = -status.jumps;
      }
      if (status.is_playing && rendered % kRate == 0) {
        const double end = device.heard(rendered).count();
        const double true_end = last_server + (end - last_client) * pace;
        const double error = (status.heard - Micros(true_end) + status.error).count();
        if (is_first) {
          out.most_at_first = std::max(out.most_at_first, std::abs(error));
        } else {
          out.errors.push_back(error);
          out.most_correction = std::max(out.most_correction, std::abs(status.correction));
        }
      }
    }
    last_client = client;
    last_server = server;
  }
  out.starts += engine.status().starts;
  out.jumps += engine.status().jumps;
  return out;
}

void report(std::uint64_t seed, Result result) {
  auto& errors = result.errors;
  for (double& each : errors) each = std::abs(each);
  std::sort(errors.begin(), errors.end());
  const auto at = [&](double share) {
    return errors.empty() ? -1
                          : errors[static_cast<std::size_t>(share * static_cast<double>(errors.size() - 1))];
  };
  std::printf(
      "{\"seed\":%lu,\"seconds\":%zu,\"at_first\":%.1f,\"p50\":%.1f,\"p99\":%.1f,\"max\":%.1f,"
      "\"most_rate\":%.6f,\"starts\":%ld,\"jumps\":%ld}\n",
      seed, errors.size(), result.most_at_first, at(0.5), at(0.99), at(1), result.most_correction,
      result.starts, result.jumps);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 3 || (words[0] != "--trace" && words[0] != "--native")) {
    std::fputs("walk_drift --trace SEED SECONDS | --native SEEDS SECONDS\n", stderr);
    return 2;
  }
  const std::uint64_t number = std::stoull(words[1]);
  const double seconds = std::stod(words[2]);
  if (words[0] == "--trace") {
    bench::write_trace(std::cout, trace_of(number, seconds));
    return 0;
  }
  for (std::uint64_t seed = 1; seed <= number; ++seed) report(seed, play(seed, seconds));
}
