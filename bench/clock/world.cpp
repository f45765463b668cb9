#include "world.h"

#include <algorithm>
#include <optional>

namespace bench {
namespace {

constexpr double kCheckEvery = 0.05;
constexpr double kServerStart = 86'400;  // its clock has run for a day
constexpr double kServerThinks = 40e-6;

// The offset (server minus client) at any moment, drawn beforehand in steps of a second.
class Offset {
 public:
  Offset(const Clocks& clocks, double seconds, Dice dice) : clocks_(clocks) {
    const double start = dice.between(-1e5, 8e4);
    double offset = start, drift = clocks.drift, phase = dice.uniform();
    for (double t = 0; t < seconds + 60; t += 1) {
      const double now = drift + clocks.swing * std::sin(2 * std::numbers::pi * (t / clocks.period + phase));
      knots_.push_back({offset, now});
      offset += now;
      drift += dice.normal(clocks.wander);
    }
  }

  double at(double t) const {
    const auto second = std::min(knots_.size() - 1, static_cast<std::size_t>(std::max(0.0, t)));
    double offset = knots_[second].first + knots_[second].second * (t - static_cast<double>(second));
    for (const Step& step : clocks_.steps) {
      if (t >= step.at) offset += step.is_sleep ? std::min(step.by, t - step.at) : step.by;
    }
    return offset;
  }

  // When a client that is asleep at `t` wakes; else `t`.
  double awake(double t) const {
    for (const Step& step : clocks_.steps) {
      if (step.is_sleep && t >= step.at && t < step.at + step.by) return step.at + step.by;
    }
    return t;
  }

 private:
  const Clocks& clocks_;
  std::vector<std::pair<double, double>> knots_;
};

// Times alternately without and with something, each of random length.
class Weather {
 public:
  Weather(double calm, double storm, Dice dice) : calm_(calm), storm_(storm), dice_(dice) { turn(0); }
  // How far into a storm `t` is, 0 to 1; asked in order of time.
  std::optional<double> storm_at(double t) {
    if (calm_ <= 0) return {};
    while (t >= end_) turn(end_);
    return t >= begin_ ? std::optional((t - begin_) / (end_ - begin_)) : std::nullopt;
  }
  double end() const { return end_; }

 private:
  void turn(double from) {
    if (calm_ <= 0) return;
    begin_ = from + dice_.exponential(calm_);
    end_ = begin_ + dice_.exponential(storm_);
  }
  double calm_, storm_;
  Dice dice_;
  double begin_ = 0, end_ = 0;
};

class Direction {
 public:
  Direction(const Way& way, const Network& network, Dice& seeds)
      : way_(way),
        network_(network),
        dice_(draw(seeds)),
        bursts_(network.calm, network.storm, Dice(draw(seeds))) {}

  // When what leaves at `t` arrives.
  double arrival(double t, Weather& stalls) {
    double delay = way_.base;
    for (const auto& [from, base] : network_.moves) {
      if (t >= from) delay = base;
    }
    for (int i = 0; i < way_.shape; ++i) delay += dice_.exponential(way_.jitter / way_.shape);
    delay += dice_.uniform() * way_.queue;
    if (dice_.chance(way_.spikes)) delay += dice_.exponential(way_.spike);
    if (dice_.chance(way_.naps)) delay += dice_.between(0, 0.1024);
    if (const auto into = bursts_.storm_at(t)) {
      delay += dice_.exponential(way_.burst) +
               way_.bloat * std::min({1.0, *into * 5, (1 - *into) * 5}) * dice_.between(0.7, 1);
    }
    delay = std::max(way_.base / 4, delay + dice_.normal(way_.noise));
    double at = t + delay;
    if (stalls.storm_at(t)) at = std::max(at, stalls.end() + dice_.exponential(0.002));
    return last_ = std::max(at, last_ + 5e-6);
  }

 private:
  static std::uint64_t draw(Dice& dice) { return static_cast<std::uint64_t>(dice.uniform() * 0x1p53); }
  const Way& way_;
  const Network& network_;
  Dice dice_;
  Weather bursts_;
  double last_ = -1;
};

std::int64_t micros(double seconds) { return static_cast<std::int64_t>(std::floor(seconds * 1e6)); }

}  // namespace

Trace simulate(const Scenario& scenario, std::uint64_t seed) {
  Dice seeds(seed);
  const auto draw = [&] { return Dice(static_cast<std::uint64_t>(seeds.uniform() * 0x1p53)); };
  const Offset offset(scenario.clocks, scenario.seconds, draw());
  Direction there(scenario.network.there, scenario.network, seeds),
      back(scenario.network.back, scenario.network, seeds);
  Dice dice = draw();
  const Dice stall_dice = draw();
  Weather stalls(scenario.network.stall_every, scenario.network.stall, stall_dice), stalls_back = stalls;
  const auto client = [&](double t) { return micros(kServerStart + t - offset.at(t)); };
  const auto server = [&](double t) { return micros(kServerStart + t); };

  struct Timed {
    double at;
    Event event;
  };
  std::vector<Timed> all;
  double t = 0.01;
  for (int asked = 0; t < scenario.seconds; ++asked) {
    t = offset.awake(t);
    const double received = there.arrival(t, stalls);
    const double answered = received + dice.exponential(kServerThinks);
    const double arrived = offset.awake(back.arrival(answered, stalls_back));
    all.push_back({arrived, {true, client(t), server(received), server(answered), client(arrived), 0, 0}});
    t += asked < 20 ? 0.075 : dice.between(0.95, 1.05);
  }
  for (double at = 0; at < scenario.seconds; at += kCheckEvery) {
    if (offset.awake(at) == at) all.push_back({at, {false, 0, 0, 0, 0, client(at), server(at)}});
  }
  std::stable_sort(all.begin(), all.end(), [](const Timed& a, const Timed& b) { return a.at < b.at; });
  Trace trace;
  for (const Timed& each : all) {
    if (each.at < scenario.seconds) trace.push_back(each.event);
  }
  return trace;
}

}  // namespace bench
