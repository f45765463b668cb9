#include "peers.h"

#include <algorithm>
#include <vector>

namespace bench {
namespace {

double offset_of(const Event& x) {
  return static_cast<double>((x.received - x.sent) + (x.answered - x.arrived)) / 2;
}

}  // namespace

void MedianFilter::add(const Event& x) {
  constexpr std::size_t kKept = 200;
  constexpr double kForget = 60e6;
  const auto now = static_cast<double>(x.arrived);
  if (now - last_ > kForget) offsets_.clear();
  last_ = now;
  offsets_.push_back(offset_of(x));
  if (offsets_.size() > kKept) offsets_.pop_front();
  std::vector<double> sorted(offsets_.begin(), offsets_.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  offset_ = *middle;
}

void KalmanFilter::add(const Event& x) {
  const double error = static_cast<double>((x.arrived - x.sent) - (x.answered - x.received)) / 2;
  if (collected_ == 0 || error < best_error_) {
    best_offset_ = offset_of(x);
    best_error_ = error;
    best_at_ = static_cast<double>(x.arrived);
  }
  if (++collected_ < burst_ && count_ > 0) return;  // the very first is taken at once
  collected_ = 0;
  update(best_offset_, best_error_, best_at_);
}

void KalmanFilter::update(double measurement, double max_error, double at) {
  constexpr double kDriftProcess = 1e-11 * 1e-11;  // per µs; the offset's own process noise is 0
  constexpr double kForget = 2, kCutoff = 3, kErrorScale = 0.5;
  constexpr std::size_t kSettled = 100;
  const double variance = kErrorScale * max_error * kErrorScale * max_error;
  const double dt = at - last_;
  if (count_ > 0 && dt <= 0) return;
  last_ = at;
  if (count_ == 0) {
    ++count_;
    offset_ = measurement;
    offset_variance_ = variance;
    return;
  }
  if (count_ == 1) {
    ++count_;
    drift_ = (measurement - offset_) / dt;
    drift_variance_ = (offset_variance_ + variance) / (dt * dt);
    offset_ = measurement;
    offset_variance_ = variance;
    return;
  }
  double predicted = offset_ + drift_ * dt;
  offset_variance_ += 2 * covariance_ * dt + drift_variance_ * dt * dt;
  covariance_ += drift_variance_ * dt;
  drift_variance_ += kDriftProcess * dt;
  const double residual = measurement - predicted;
  if (count_ < kSettled) {
    ++count_;
  } else if (std::abs(residual) > kCutoff * max_error) {
    offset_variance_ *= kForget * kForget;
    covariance_ *= kForget * kForget;
    drift_variance_ *= kForget * kForget;
  }
  const double sum = offset_variance_ + variance;
  const double offset_gain = offset_variance_ / sum, drift_gain = covariance_ / sum;
  offset_ = predicted + offset_gain * residual;
  drift_ += drift_gain * residual;
  drift_variance_ -= drift_gain * covariance_;
  covariance_ -= drift_gain * offset_variance_;
  offset_variance_ -= offset_gain * offset_variance_;
}

double KalmanFilter::to_server(double client) const {
  constexpr double kSignificant = 2;
  const bool counts = drift_ * drift_ > kSignificant * kSignificant * drift_variance_;
  return client + offset_ + (counts ? drift_ * (client - last_) : 0);
}

}  // namespace bench
