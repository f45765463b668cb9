#include "domain/clock_strip.h"

#include <algorithm>
#include <cmath>

namespace tutti {
namespace {

constexpr double kMostDrift = 1000e-6;
// Whole microseconds say no more.
constexpr double kLeastSpacing = 0.5;
// The edge is made of points up to a few times this behind it: several are better than one, but the more of
// them, the more does a queue in one direction alone move it. In spacings, and in µs.
constexpr double kSoftness = 3, kLeastSoftness = 8;
// So many points at the edge tell how thickly it is strewn.
constexpr std::size_t kCounted = 8;
constexpr int kMostSteps = 50;
constexpr double kExactEnough = 1e-12;

}  // namespace

void ClockPoints::push(const ClockPoint& point) {
  ring_[end_] = point;
  end_ = (end_ + 1) % kMost;
  count_ = std::min(count_ + 1, kMost);
}

double ClockStrip::doubt_at(double client) const {
  const double ahead = std::max(0.0, client - at);
  return doubt + drift_doubt * ahead + kBend * ahead * ahead;
}

void StripFitter::load(const ClockPoints& points, double bend) {
  const double now = points.newest(0).arrived;
  double shortest = points.newest(0).upper - points.newest(0).lower;
  for (std::size_t i = 0; i < used_; ++i) {
    const ClockPoint& p = points.newest(i);
    above_.age[i] = now - p.sent;
    above_.value[i] = p.upper + bend * squared(above_.age[i]);
    below_.age[i] = now - p.arrived;
    below_.value[i] = -p.lower + bend * squared(below_.age[i]);
    shortest = std::min(shortest, p.upper - p.lower);
  }
  // Of the first exchanges nobody knows yet what of the round trip is queue.
  first_doubt_ = std::max(0.0, shortest) / 2 / static_cast<double>(used_ * used_);
}

// The strip's middle is the mean of the two edges, so it is widest where both have the same mean age: there a
// little more slope lifts one edge by what it lifts the other. With exponential delays this is the likeliest
// line, and a spacing is what it costs to make the strip narrower; so the guess weighs as it should.
ClockStrip StripFitter::lay(const ClockPoints& points, std::size_t used, double bend, DriftGuess guess,
                            double slope) {
  used_ = used;
  load(points, bend);
  const double before = spacing(slope);
  const double softness = std::max(kLeastSoftness, kSoftness * before);
  const double stiffness = before / squared(guess.doubt);
  double low = -kMostDrift, high = kMostDrift;
  Edge top, bottom;
  double curvature = 1;
  for (int i = 0; i < kMostSteps; ++i) {
    top = edge(above_, slope, softness);
    bottom = edge(below_, -slope, softness);
    const double pull = top.age - bottom.age - stiffness * (slope - guess.value);
    curvature = (top.spread + bottom.spread) / softness + stiffness;
    (pull > 0 ? low : high) = slope;
    double next = slope + pull / curvature;
    if (!(next > low && next < high)) next = (low + high) / 2;  // Newton's step has left what is known
    if (std::abs(next - slope) < kExactEnough) break;
    slope = next;
  }
  const double after = spacing(slope), age = std::max(top.age, bottom.age);
  ClockStrip out;
  out.at = points.newest(0).arrived;
  out.drift = slope;
  out.offset = (top.at - bottom.at) / 2;
  out.half_width = (top.at + bottom.at) / 2;
  out.drift_doubt =
      std::max(std::sqrt(top.age_variance + bottom.age_variance + stiffness * after) / curvature,
               std::sqrt(after / curvature));
  out.doubt = std::hypot(std::max(std::hypot(top.doubt, bottom.doubt) / 2, after), out.drift_doubt * age) +
              bend * squared(age);
  return out;
}

// The least of the values, softly: −s·log Σ exp(−value/s).
StripFitter::Edge StripFitter::edge(const Cloud& cloud, double slope, double softness) const {
  constexpr double kNothing = 30;  // e^−30
  double least = cloud.value[0] + slope * cloud.age[0];
  for (std::size_t i = 1; i < used_; ++i) least = std::min(least, cloud.value[i] + slope * cloud.age[i]);
  double sum = 0, ages = 0, squares = 0;     // of weights, times age, times age²
  double sum2 = 0, ages2 = 0, squares2 = 0;  // of squared weights
  for (std::size_t i = 0; i < used_; ++i) {
    const double age = cloud.age[i], x = (cloud.value[i] + slope * age - least) / softness;
    if (x > kNothing) continue;
    const double weight = std::exp(-x);
    sum += weight;
    ages += weight * age;
    squares += weight * age * age;
    sum2 += weight * weight;
    ages2 += weight * weight * age;
    squares2 += weight * weight * age * age;
  }
  const double mean = ages / sum, share = sum2 / squared(sum);
  Edge out;
  out.at = least - softness * std::log(sum);
  out.doubt = softness * std::sqrt(std::max(0.0, share - 1 / static_cast<double>(used_)));
  out.age = mean;
  out.spread = std::max(0.0, squares / sum - mean * mean);
  out.age_variance = std::max(0.0, squares2 - 2 * mean * ages2 + mean * mean * sum2) / squared(sum);
  return out;
}

// How far apart, on average, the points at the edge are.
double StripFitter::spacing(const Cloud& cloud, double slope) const {
  if (used_ < 2) return 0;
  std::array<double, kCounted> least{};
  std::size_t kept = 0;
  for (std::size_t i = 0; i < used_; ++i) {
    const double x = cloud.value[i] + slope * cloud.age[i];
    if (kept == kCounted && x >= least[kCounted - 1]) continue;
    if (kept < kCounted) ++kept;
    std::size_t at = kept - 1;
    for (; at > 0 && least[at - 1] > x; --at) least[at] = least[at - 1];
    least[at] = x;
  }
  return (least[kept - 1] - least[0]) / static_cast<double>(kept - 1);
}

double StripFitter::spacing(double slope) const {
  return std::max(kLeastSpacing, first_doubt_ + (spacing(above_, slope) + spacing(below_, -slope)) / 2);
}

}  // namespace tutti
