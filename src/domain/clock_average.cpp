#include "domain/clock_average.h"

#include <algorithm>
#include <cmath>

namespace tutti {
namespace {

constexpr std::size_t kFewest = 10;  // points whose shape says something
// Of the round trips. Errors to both sides have 0, exponential delays 1.4, those with a rarer shortest one 1;
// of n points it is known to about 2.4 / √n.
constexpr double kMostSkew = 0.3, kSkewDoubt = 3.5;
// µs. Timestamps are off by less; what scatters more is queues, and these have an edge.
constexpr double kMostScatter = 100;
constexpr double kLeastScatter = 0.5;  // whole microseconds say no more

struct Shape {
  double deviation = 0, skew = 0;
};

double round_trip(const ClockPoint& p) { return p.upper - p.lower; }
double middle(const ClockPoint& p) { return (p.upper + p.lower) / 2; }

Shape shape_of_round_trips(const ClockPoints& points) {
  const auto count = static_cast<double>(points.count());
  double mean = 0, squares = 0, cubes = 0;
  for (std::size_t i = 0; i < points.count(); ++i) mean += round_trip(points.newest(i)) / count;
  for (std::size_t i = 0; i < points.count(); ++i) {
    const double away = round_trip(points.newest(i)) - mean;
    squares += squared(away) / count;
    cubes += squared(away) * away / count;
  }
  const double deviation = std::max(2 * kLeastScatter, std::sqrt(squares));
  return {deviation, cubes / (squared(deviation) * deviation)};
}

}  // namespace

std::optional<ClockStrip> average(const ClockPoints& points, double bend, DriftGuess guess) {
  if (points.count() < kFewest) return {};
  const Shape shape = shape_of_round_trips(points);
  if (std::abs(shape.skew) > kMostSkew + kSkewDoubt / std::sqrt(static_cast<double>(points.count())))
    return {};
  // Where the directions do not know of each other, their mean is spread half as far as their sum.
  const double scatter = shape.deviation / 2;
  if (scatter > kMostScatter) return {};
  const double now = points.newest(0).arrived;
  const auto age = [&](const ClockPoint& p) { return now - (p.sent + p.arrived) / 2; };
  const auto weight = [&](const ClockPoint& p) {
    return 1 / (1 + squared(bend * squared(age(p)) / scatter));
  };
  double sum = 0, ages = 0, offsets = 0;
  for (std::size_t i = 0; i < points.count(); ++i) {
    const ClockPoint& p = points.newest(i);
    sum += weight(p);
    ages += weight(p) * age(p);
    offsets += weight(p) * middle(p);
  }
  const double mean_age = ages / sum, mean_offset = offsets / sum;
  double spread = 0, together = 0, squares = 0;
  for (std::size_t i = 0; i < points.count(); ++i) {
    const ClockPoint& p = points.newest(i);
    spread += weight(p) * squared(age(p) - mean_age);
    together += weight(p) * (age(p) - mean_age) * (middle(p) - mean_offset);
    squares += weight(p) * squared(middle(p) - mean_offset);
  }
  const double stiffness = squared(scatter / guess.doubt);
  ClockStrip out;
  out.at = now;
  out.drift = (stiffness * guess.value - together) / (spread + stiffness);
  out.offset = mean_offset + out.drift * mean_age;
  const double left = squares + 2 * out.drift * together + squared(out.drift) * spread;
  const double deviation = std::max(scatter, std::sqrt(std::max(0.0, left) / sum));
  out.drift_doubt = deviation / std::sqrt(spread + stiffness);
  // A parabola's own line is off by 1/6 of it at its end; points spread evenly have a variance of 1/12.
  out.doubt = std::hypot(deviation / std::sqrt(sum), out.drift_doubt * mean_age) + bend * 2 * spread / sum;
  return out;
}

}  // namespace tutti
