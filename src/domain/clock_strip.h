// The widest straight strip between two clouds of points: what ClockFilter's estimate is made of. Times and
// offsets are in µs, relative to whatever the caller counts from; doubts are standard deviations.
#pragma once

#include <array>
#include <cstddef>

namespace tutti {

constexpr double squared(double x) { return x * x; }

// What one exchange says of the offset (server minus client).
struct ClockPoint {
  double sent = 0, upper = 0;     // it is below `upper` at `sent`: the way there took some time
  double arrived = 0, lower = 0;  // and above `lower` at `arrived`: so did the way back
};

// The newest points, up to kMost.
class ClockPoints {
 public:
  static constexpr std::size_t kMost = 512;

  void push(const ClockPoint& point);  // where there are kMost, the oldest leaves
  void clear() { count_ = 0; }
  std::size_t count() const { return count_; }
  const ClockPoint& newest(std::size_t index) const { return ring_[(end_ + kMost - 1 - index) % kMost]; }

 private:
  std::array<ClockPoint, kMost> ring_{};
  std::size_t end_ = 0, count_ = 0;
};

struct ClockStrip {
  double at = 0;                 // client time: that of the newest point's arrival
  double offset = 0, drift = 0;  // of the middle
  double half_width = 0;  // half of the shortest round trip, if both directions have shown theirs; of few
                          // points too little, even below 0
  double doubt = 0;       // of the offset at `at`
  double drift_doubt = 0;

  double offset_at(double client) const { return offset + drift * (client - at); }
  double doubt_at(double client) const;  // grows towards the future
};

// What is known of the drift apart from the points.
struct DriftGuess {
  double value = 0, doubt = 0;
};

// How far drift may have bent the line after t: this times t², in µs per µs². A crystal that is warmed by a
// tenth of a degree a second changes its drift by about 0.02 µs/s².
constexpr double kBend = 0.01e-12;

class StripFitter {
 public:
  // Lays a strip between the `used` newest points (1 to points.count()). A point that is t old may be wrong
  // by `bend` t². `slope` is where the search begins.
  ClockStrip lay(const ClockPoints& points, std::size_t used, double bend, DriftGuess guess, double slope);

 private:
  // One direction's points, mirrored so that the edge is the lower one, and how old they are.
  struct Cloud {
    std::array<double, ClockPoints::kMost> value{}, age{};
  };
  // A cloud's soft edge under a slope.
  struct Edge {
    double at = 0, doubt = 0;                      // carried to age 0
    double age = 0, spread = 0, age_variance = 0;  // of the points that make it: mean, variance, its variance
  };

  void load(const ClockPoints& points, double bend);
  Edge edge(const Cloud& cloud, double slope, double softness) const;
  double spacing(const Cloud& cloud, double slope) const;
  double spacing(double slope) const;

  // Kept for their memory only.
  std::size_t used_ = 0;
  double first_doubt_ = 0;
  Cloud above_, below_;
};

}  // namespace tutti
