// What the filter is compared with, each written from its published description.
#pragma once

#include "world.h"

#include <cstddef>
#include <deque>

namespace bench {

// The median of the last 200 offsets (the mean of the two directions' differences), as Snapcast's clients
// use; forgotten after a minute without an exchange.
class MedianFilter {
 public:
  void add(const Event& exchange);
  double to_server(double client) const { return client + offset_; }

 private:
  std::deque<double> offsets_;
  double offset_ = 0, last_ = 0;
};

// The two-state Kalman filter that the Sendspin specification recommends: docs/theory.md of
// github.com/Sendspin/time-filter, with the constants that its README recommends.
class KalmanFilter {
 public:
  // `burst`: of so many exchanges in a row only the one with the shortest round trip is taken.
  explicit KalmanFilter(std::size_t burst = 1) : burst_(burst) {}
  void add(const Event& exchange);
  double to_server(double client) const;

 private:
  void update(double measurement, double max_error, double at);

  std::size_t burst_, collected_ = 0;
  double best_offset_ = 0, best_error_ = 0, best_at_ = 0;
  std::size_t count_ = 0;
  double last_ = 0, offset_ = 0, drift_ = 0;
  double offset_variance_ = 0, drift_variance_ = 0, covariance_ = 0;
};

}  // namespace bench
