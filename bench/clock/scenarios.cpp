#include "world.h"

#include <stdexcept>

namespace bench {
namespace {

constexpr double us = 1e-6, ms = 1e-3, ppm = 1e-6;

Network lan() {
  Network out;
  out.there = {.base = 150 * us, .jitter = 30 * us, .spikes = 0.01, .spike = 2 * ms};
  out.back = {.base = 150 * us, .jitter = 40 * us, .spikes = 0.01, .spike = 2 * ms};
  return out;
}

Network wifi() {
  Network out;
  out.there = {.base = 900 * us, .jitter = 1.2 * ms, .shape = 2, .spikes = 0.02, .spike = 15 * ms};
  out.back = {
      .base = 900 * us, .jitter = 1.6 * ms, .shape = 2, .spikes = 0.02, .spike = 15 * ms, .naps = 0.1};
  return out;
}

}  // namespace

std::vector<Scenario> scenarios() {
  std::vector<Scenario> out;
  const auto add = [&](const char* name, const char* what, Clocks clocks, Network network,
                       bool is_lan = false) {
    out.push_back({name, what, std::move(clocks), std::move(network), is_lan});
  };
  const Clocks usual{.drift = 12 * ppm};

  add("lan", "a wire, idle machines", usual, lan(), true);
  Network normal;
  normal.there = normal.back = {.base = 300 * us, .noise = 25 * us};
  add("lan_noise", "a wire; normal errors without a floor", usual, normal, true);
  Network loaded = lan();
  loaded.there.spikes = loaded.back.spikes = 0.3;
  add("lan_loaded", "a wire, machines that wake late", usual, loaded, true);
  add("wifi", "Wi-Fi; the phone's radio naps", usual, wifi());
  Network bursts = wifi();
  bursts.there.burst = bursts.back.burst = 25 * ms;
  bursts.calm = 15;
  bursts.storm = 5;
  add("wifi_bursts", "bursts of jitter on top", usual, bursts);
  Network upload = wifi();
  upload.there.bloat = 80 * ms;
  upload.back.bloat = 4 * ms;
  upload.calm = 20;
  upload.storm = 40;
  add("upload", "a queue of up to 80 ms in one direction, most of the time", usual, upload);
  Network storms = wifi();
  storms.stall_every = 15;
  storms.stall = 3;
  storms.there.burst = storms.back.burst = 60 * ms;
  storms.calm = 10;
  storms.storm = 10;
  add("storms", "nothing for seconds, then all at once", usual, storms);
  Network relay;
  relay.there = relay.back = {.base = 30 * ms, .queue = 40 * ms};
  add("relay", "30 ms each way, queues of up to 40 ms that hit the directions independently", usual, relay);
  Network roaming = wifi();
  roaming.moves = {{150, 6 * ms}, {300, 2 * ms}, {450, 12 * ms}};
  add("roaming", "Wi-Fi; the path gets longer and shorter", usual, roaming);
  Clocks steps = usual;
  steps.steps = {{100, 0.005}, {200, -0.03}, {300, 0.4}, {400, -2}, {500, 3}};
  add("steps", "Wi-Fi; a clock is set by 5 ms to 3 s", steps, wifi());
  Clocks sleeps = usual;
  sleeps.steps = {{120, 5, true}, {250, 60, true}, {450, 30, true}};
  add("suspends", "Wi-Fi; the client sleeps for 5 to 60 s", sleeps, wifi());
  const Clocks fast{.drift = 100 * ppm}, slow{.drift = -100 * ppm};
  add("drift", "a wire; 100 ppm", fast, lan(), true);
  add("drift_wifi", "Wi-Fi; −100 ppm", slow, wifi());
  const Clocks warmed{.drift = 12 * ppm, .swing = 3 * ppm};
  add("ramp", "a wire; drift swings by ±3 ppm in ten minutes", warmed, lan());
  add("ramp_wifi", "the same on Wi-Fi", warmed, wifi());
  return out;
}

Scenario scenario(const std::string& name) {
  for (const Scenario& each : scenarios()) {
    if (each.name == name) return each;
  }
  throw std::runtime_error("no scenario is called '" + name + "'");
}

}  // namespace bench
