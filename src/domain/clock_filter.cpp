#include "domain/clock_filter.h"

#include "domain/clock_average.h"

#include <algorithm>
#include <cmath>

namespace tutti {
namespace {

constexpr Duration kFarthest{std::int64_t{1} << 53};  // what a double counts exactly
constexpr double kQuartz = 45e-6;          // how far two crystals are apart, as a standard deviation
constexpr double kQuartzAfterJump = 5e-6;  // by how much the drift may be another one after a sleep
constexpr std::size_t kFew = 8;            // exchanges that say little yet
constexpr double kSlack = 20;              // µs that are no jump, whatever the doubt
// What is laid beside the strip that trusts the past least, to see whether it says the same more exactly: one
// that takes drift to be steadier, and one of the newest points alone, for when the path has changed.
constexpr double kSteadyBend = 0.0005e-12;
constexpr std::size_t kNewest = 40;
// Where there is no edge, an edge's doubt is too small.
constexpr double kPatience = 2;
constexpr double kUncertainty = 2.5;  // standard deviations; doubts are estimates themselves
// A queue that has stood since the first exchange shows in none of them, and may be all of the round trip. So
// many µs later it has most likely been empty once.
constexpr double kQueueStands = 1e6;
constexpr double kRough = 200, kSettled = 10;  // µs of doubt
// Exchanges: quick ones in any case; then, while it is doubted, those that are half as quick, and all that
// are not slow.
constexpr std::size_t kQuick = 20, kHurried = 60, kSettling = 160;

double micros(Duration d) { return static_cast<double>(d.count()); }
Duration rounded(double micros) { return Duration{std::llround(micros)}; }
bool is_near(Duration t) { return t < kFarthest && t > -kFarthest; }

bool can_be(const Exchange& x) {
  for (const Duration t :
       {x.sent.since_start, x.received.since_start, x.answered.since_start, x.arrived.since_start}) {
    if (!is_near(t)) return false;
  }
  const Duration asked = x.arrived - x.sent, thought = x.answered - x.received;
  const Duration clocks_differ{1000 + asked.count() / 1000};
  return asked.count() >= 0 && thought.count() >= 0 && thought <= asked + clocks_differ;
}

}  // namespace

bool ClockFilter::add(const Exchange& x) {
  if (!can_be(x)) return false;
  const Duration there = x.received.since_start - x.sent.since_start;
  const Duration back = x.answered.since_start - x.arrived.since_start;
  if (taken_ == 0) {
    origin_ = x.sent;
    offset_base_ = (there + back) / 2;
    guess_ = {0, kQuartz};
  }
  const ClockPoint point{micros(x.sent - origin_), micros(there - offset_base_), micros(x.arrived - origin_),
                         micros(back - offset_base_)};
  if (taken_ > 0 && point.arrived < last_arrival_) return false;
  if (taken_ == 0) first_arrival_ = point.arrived;
  last_arrival_ = point.arrived;
  ++taken_;
  ++since_jump_;
  const Verdict verdict = judge(point);
  const bool twice = verdict != Verdict::fits && verdict == strangeness_;
  const bool has_jumped = verdict == Verdict::impossible || twice;
  if (has_jumped) start_anew();
  const double half = (point.upper - point.lower) / 2;
  shortest_ = since_jump_ == 1 ? half : std::min(shortest_, half);
  if (verdict != Verdict::fits && !has_jumped && strangeness_ == Verdict::fits) {
    strange_ = point;
    strangeness_ = verdict;
    return true;
  }
  if (strangeness_ != Verdict::fits && verdict != Verdict::impossible) points_.push(strange_);
  strangeness_ = Verdict::fits;
  points_.push(point);
  fit();
  return true;
}

void ClockFilter::start_anew() {
  ++jumps_;
  since_jump_ = 1;
  first_arrival_ = last_arrival_;
  if (strip_.drift_doubt < kQuartzAfterJump) guess_ = {strip_.drift, kQuartzAfterJump};
  points_.clear();
}

ClockFilter::Verdict ClockFilter::judge(const ClockPoint& p) const {
  if (points_.count() == 0) return Verdict::fits;
  const double margin = 4 * strip_.doubt_at(p.arrived) + kSlack;
  const double over = strip_.offset_at(p.sent) - p.upper, under = p.lower - strip_.offset_at(p.arrived);
  // The offset cannot be where it was thought to be: it would have arrived before it was sent.
  if (std::max(over, under) > margin) return Verdict::impossible;
  if (points_.count() < kFew) return Verdict::fits;
  // Faster than the fastest before it in one direction, and slower in the other. Luck, or a small jump; an
  // exchange that has only had luck is fast and not slow.
  const double low = over + strip_.half_width, high = under + strip_.half_width;
  if (low > margin && high < -low / 2) return Verdict::strangely_low;
  if (high > margin && low < -high / 2) return Verdict::strangely_high;
  return Verdict::fits;
}

void ClockFilter::fit() {
  strip_ = fitter_.lay(points_, points_.count(), kBend, guess_, strip_.drift);
  // Taken instead if it doubts less (a mean: not much more) and does not contradict; the more it differs, the
  // less is its doubt believed.
  const auto consider = [this](ClockStrip other, double patience = 1) {
    const double away = std::abs(other.offset - strip_.offset);
    if (other.doubt > patience * strip_.doubt || away > 2 * strip_.doubt + 1) return;
    other.doubt = std::max(other.doubt, std::min(strip_.doubt, other.doubt + away / 2));
    other.drift_doubt =
        std::min(strip_.drift_doubt, other.drift_doubt + std::abs(other.drift - strip_.drift) / 2);
    strip_ = other;
  };
  consider(fitter_.lay(points_, points_.count(), kSteadyBend, guess_, strip_.drift));
  if (points_.count() > 2 * kNewest) {
    consider(fitter_.lay(points_, kNewest, kBend, {strip_.drift, strip_.drift_doubt}, strip_.drift));
  }
  if (auto mean = average(points_, kSteadyBend, guess_)) {
    mean->half_width = strip_.half_width;
    consider(*mean, kPatience);
  }
}

// Whoever sent it, a time stays one that can be counted with.
ServerTime ClockFilter::to_server(ClientTime t) const {
  t.since_start = std::clamp(t.since_start, -kFarthest, kFarthest);
  return {t.since_start + offset_base_ + rounded(strip_.offset_at(micros(t - origin_)))};
}

ClientTime ClockFilter::to_client(ServerTime t) const {
  t.since_start = std::clamp(t.since_start, -kFarthest, kFarthest);
  const double there = micros(t.since_start - offset_base_ - origin_.since_start);
  return {origin_.since_start +
          rounded(strip_.at + (there - strip_.offset - strip_.at) / (1 + strip_.drift))};
}

Duration ClockFilter::uncertainty(ClientTime now) const {
  if (taken_ == 0) return Duration::max();
  const double queue = shortest_ * std::exp(-(last_arrival_ - first_arrival_) / kQueueStands);
  return rounded(std::ceil(std::max(kUncertainty * strip_.doubt_at(micros(now - origin_)), queue)));
}

Duration ClockFilter::interval() const {
  using namespace std::chrono_literals;
  const bool is_doubted = strip_.doubt > kSettled;
  if (since_jump_ < kQuick) return 50ms;
  if (is_doubted && since_jump_ < kHurried) return 100ms;
  return (is_doubted && since_jump_ < kSettling) || strip_.doubt > kRough ? Duration{250ms} : Duration{1s};
}

}  // namespace tutti
