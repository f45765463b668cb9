#include "domain/visualization.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

namespace tutti {
namespace {

constexpr double kBinWidth = static_cast<double>(Visualization::kRate) / Visualization::kWindow;  // Hz
constexpr std::size_t kHalf = Visualization::kWindow / 2;

// An onset is a moment in which the bands rise clearly more than they do on average around it.
constexpr std::size_t kRemembered = 15;  // moments, half a second
constexpr double kClearly = 2;
constexpr double kLeastRise = 6;  // of 255, the mean of all bands
constexpr int kApart = 4;         // moments between two onsets: 450 a minute are the most

std::uint8_t level_of(double amplitude) {
  if (!(amplitude > 0)) return 0;
  const double above_floor = 20 * std::log10(amplitude) - Visualization::kFloor;
  return static_cast<std::uint8_t>(
      std::lround(std::clamp(above_floor / -Visualization::kFloor, 0.0, 1.0) * 255));
}

}  // namespace

double band_edge(std::size_t index) {
  const double part = static_cast<double>(index) / Visualization::kBands;
  return Visualization::kLowest * std::pow(Visualization::kHighest / Visualization::kLowest, part);
}

std::vector<std::uint8_t> to_bytes(const Visualization& moment) {
  std::vector<std::uint8_t> out;
  out.reserve(6 + moment.bands.size());
  out.push_back(moment.loudness);
  out.push_back(moment.onset);
  out.push_back(static_cast<std::uint8_t>(moment.peak_frequency >> 8));
  out.push_back(static_cast<std::uint8_t>(moment.peak_frequency & 0xFF));
  out.push_back(moment.peak_level);
  out.push_back(static_cast<std::uint8_t>(moment.bands.size()));
  for (const std::uint8_t band : moment.bands) out.push_back(band);
  return out;
}

SoundPainter::SoundPainter()
    : fft_(Visualization::kWindow),
      window_(Visualization::kWindow),
      weighted_(Visualization::kWindow),
      spectrum_(kHalf + 1) {
  double sum = 0;
  for (std::size_t i = 0; i < window_.size(); ++i) {
    const double phase = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(window_.size());
    window_[i] = static_cast<float>(0.5 - 0.5 * std::cos(phase));
    sum += static_cast<double>(window_[i]);
  }
  // Half of a sine's magnitude lies at its negative frequency.
  for (float& weight : window_) weight = static_cast<float>(static_cast<double>(weight) * 2 / sum);
}

Visualization SoundPainter::look_at(std::span<const float> samples) {
  assert(samples.size() == window_.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    weighted_[i] = std::isfinite(samples[i]) ? std::clamp(samples[i], -1.f, 1.f) * window_[i] : 0.f;
  }
  fft_.magnitudes(weighted_, spectrum_);
  Visualization moment;
  constexpr std::size_t kMoment = Visualization::kRate / Visualization::kPerSecond;
  double power = 0;
  for (const float sample : samples.subspan((samples.size() - kMoment) / 2, kMoment)) {
    if (std::isfinite(sample)) power += std::pow(static_cast<double>(std::clamp(sample, -1.f, 1.f)), 2);
  }
  // A sine's mean power is half of its amplitude's square.
  moment.loudness = level_of(std::sqrt(2 * power / kMoment));
  find_peak(moment);
  fill_bands(moment);
  moment.onset = find_onset(moment);
  return moment;
}

void SoundPainter::find_peak(Visualization& moment) const {
  const auto lowest = spectrum_.begin() + 2;  // below 20 Hz nothing is heard
  const auto peak = std::max_element(lowest, spectrum_.end() - 1);
  moment.peak_level = level_of(static_cast<double>(*peak));
  if (moment.peak_level == 0) return;
  // A parabola through the logarithms of the bins around it finds what lies between them.
  const auto log_of = [](float magnitude) {
    return std::log(std::max(static_cast<double>(magnitude), 1e-9));
  };
  const double left = log_of(*(peak - 1)), middle = log_of(*peak), right = log_of(*(peak + 1));
  const double curve = left - 2 * middle + right;
  const double shift = curve < 0 ? std::clamp((left - right) / (2 * curve), -0.5, 0.5) : 0;
  const double bin = static_cast<double>(peak - spectrum_.begin()) + shift;
  moment.peak_frequency = static_cast<std::uint16_t>(std::lround(bin * kBinWidth));
}

void SoundPainter::fill_bands(Visualization& moment) const {
  for (std::size_t band = 0; band < moment.bands.size(); ++band) {
    // The low bands are narrower than a bin: each has at least the one nearest to it.
    const auto nearest = [](double frequency) {
      return static_cast<std::ptrdiff_t>(std::lround(frequency / kBinWidth));
    };
    const auto first = nearest(band_edge(band));
    const auto last = std::max(first + 1, nearest(band_edge(band + 1)));
    moment.bands[band] =
        level_of(static_cast<double>(*std::max_element(spectrum_.begin() + first, spectrum_.begin() + last)));
  }
}

std::uint8_t SoundPainter::find_onset(const Visualization& moment) {
  double rise = 0;
  for (std::size_t band = 0; band < moment.bands.size(); ++band) {
    rise += std::max(0, moment.bands[band] - before_[band]);
  }
  rise /= static_cast<double>(moment.bands.size());
  before_ = moment.bands;
  const double usual = rises_.empty() ? 0
                                      : std::accumulate(rises_.begin(), rises_.end(), 0.0) /
                                            static_cast<double>(rises_.size());
  rises_.push_back(rise);
  if (rises_.size() > kRemembered) rises_.pop_front();
  ++since_onset_;
  if (rise < kLeastRise + kClearly * usual || since_onset_ < kApart) return 0;
  since_onset_ = 0;
  return static_cast<std::uint8_t>(std::lround(std::min(255.0, 4 * rise)));
}

}  // namespace tutti
