#include "player/interpolator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace tutti::player {
namespace {

// Stop band at -90 dB.
constexpr double kBeta = 9;

double sinc(double x) { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

// `x` from -1 to 1.
double kaiser(double x) {
  return std::cyl_bessel_i(0.0, kBeta * std::sqrt(std::max(0.0, 1 - x * x))) / std::cyl_bessel_i(0.0, kBeta);
}

}  // namespace

Interpolator::Interpolator() : table_((kPhases + 1) * kTaps) {
  constexpr double kHalf = static_cast<double>(kTaps) / 2;
  for (std::size_t phase = 0; phase <= kPhases; ++phase) {
    const double fraction = static_cast<double>(phase) / kPhases;
    std::array<double, kTaps> row{};
    double sum = 0;
    for (std::size_t tap = 0; tap < kTaps; ++tap) {
      const double x = static_cast<double>(tap) - static_cast<double>(kBefore) - fraction;
      // At whole frames the sine is zero only up to rounding.
      row[tap] = phase % kPhases == 0 ? (std::abs(x) < 0.5 ? 1 : 0) : sinc(x) * kaiser(x / kHalf);
      sum += row[tap];
    }
    // What does not change has to stay as loud at every fraction.
    for (std::size_t tap = 0; tap < kTaps; ++tap) {
      table_[phase * kTaps + tap] = static_cast<float>(row[tap] / sum);
    }
  }
}

void Interpolator::at(double fraction, const float* frames, std::span<float> out) const {
  const double place = std::clamp(fraction, 0.0, 1.0) * kPhases;
  const auto phase = std::min(static_cast<std::size_t>(place), kPhases - 1);
  const auto mix = static_cast<float>(place - static_cast<double>(phase));
  const float* row = &table_[phase * kTaps];
  const float* next = row + kTaps;
  std::ranges::fill(out, 0.0F);
  for (std::size_t tap = 0; tap < kTaps; ++tap) {
    const float weight = row[tap] + mix * (next[tap] - row[tap]);
    const float* frame = frames + tap * out.size();
    for (std::size_t channel = 0; channel < out.size(); ++channel) out[channel] += weight * frame[channel];
  }
}

}  // namespace tutti::player
