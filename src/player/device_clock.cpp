#include "player/device_clock.h"

#include <algorithm>
#include <cmath>

namespace tutti::player {
namespace {

constexpr double kFirstDrift = 100e-6;                 // of crystals
constexpr double kMostDrift = 1000e-6;                 // of anything that calls itself a rate
constexpr double kFirstNoise = 300 * 300;              // µs²
constexpr double kLeastNoise = 5 * 5;                  // µs²
constexpr double kMostNoise = 3000 * 3000;             // µs²
constexpr double kWander = 0.05e-6 * 0.05e-6;          // of the drift, squared, in a second
constexpr double kLeastGate = 1000, kMostGate = 4000;  // µs
constexpr int kDoubts = 4;                             // in a row that agree are believed
constexpr double kBiasMemory = 16;                     // observations

double square(double x) { return x * x; }

}  // namespace

DeviceClock::DeviceClock(int rate) : nominal_(1e6 / rate) {}

Micros DeviceClock::at(Frames frame) const {
  return at_ + static_cast<double>(frame - frame_) * frame_duration();
}

Micros DeviceClock::noise() const { return Micros(std::sqrt(noise_)); }

void DeviceClock::begin_at(Frames frame, Micros at) {
  frame_ = frame;
  at_ = at;
  if (observed_ == 0) {
    p11_ = square(kFirstDrift);
    noise_ = kFirstNoise;
  }
  p00_ = noise_;
  p01_ = 0;
  doubts_ = 0;
  bias_ = last_residual_ = 0;
  observed_ = std::max(observed_, 1);
}

void DeviceClock::expect_step() {
  p00_ += square(50'000);
  doubts_ = kDoubts;
}

DeviceClock::Verdict DeviceClock::add(Frames frame, Micros at) {
  if (observed_ == 0) {
    begin_at(frame, at);
    return Verdict::kept;
  }
  if (frame <= frame_) return Verdict::passed_over;
  const double passed = (static_cast<double>(frame - frame_) * nominal_).count();  // µs
  at_ = this->at(frame);
  frame_ = frame;
  p00_ += 2 * passed * p01_ + passed * passed * p11_;
  p01_ += passed * p11_;
  p11_ += kWander * passed / 1e6;

  const Micros residual = at - at_;
  const double gate = std::clamp(5 * std::sqrt(noise_), kLeastGate, kMostGate) + 3 * std::sqrt(p00_);
  if (std::abs(residual.count()) > gate) return doubt(frame, residual);
  doubts_ = 0;
  watch(residual.count());
  correct(residual.count());
  observed_ = std::min(observed_ + 1, 1'000'000);
  return Verdict::kept;
}

DeviceClock::Verdict DeviceClock::doubt(Frames frame, Micros residual) {
  const double r = residual.count();
  const bool agrees = doubts_ > 0 && std::abs(r - doubted_) < kMostGate;
  doubted_ = agrees ? doubted_ + (r - doubted_) / (doubts_ + 1) : r;
  doubts_ = agrees ? doubts_ + 1 : 1;
  if (doubts_ < kDoubts) return Verdict::passed_over;
  begin_at(frame, at_ + Micros(doubted_));
  return Verdict::stepped;
}

// The noise is seen in the differences of neighbours, which a line that lies wrong does not change.
void DeviceClock::watch(double residual) {
  const double change = std::min(square(residual - last_residual_) / 2, 25 * noise_);
  const double weight = observed_ < 100 ? 1.0 / (observed_ + 10) : 0.01;
  if (observed_ > 1) noise_ = std::clamp(noise_ + weight * (change - noise_), kLeastNoise, kMostNoise);
  last_residual_ = residual;
  bias_ += (residual - bias_) / kBiasMemory;
  // Residuals that stay on one side: the line is off by more than the filter believes.
  const double believable = 4 * std::sqrt(noise_ / (2 * kBiasMemory)) + 30;
  if (observed_ > 2 * kBiasMemory && std::abs(bias_) > believable) {
    p00_ += square(bias_);
    bias_ = 0;
  }
}

void DeviceClock::correct(double residual) {
  const double variance = p00_ + noise_;
  const double k0 = p00_ / variance, k1 = p01_ / variance;
  at_ += Micros(k0 * residual);
  drift_ = std::clamp(drift_ + k1 * residual, -kMostDrift, kMostDrift);
  p11_ -= k1 * p01_;
  p01_ -= k0 * p01_;
  p00_ -= k0 * p00_;
}

}  // namespace tutti::player
