#include "media/loudness_picture.h"

#include <algorithm>
#include <cmath>

namespace tutti::media {
namespace {

Frames points_of(Frames length, Frames step) { return (length + step - 1) / step; }

std::uint8_t byte_of(double amplitude) {
  // Not what is no number, either.
  const double full = amplitude > 0 ? std::sqrt(std::min(amplitude, 1.0)) : 0;
  return static_cast<std::uint8_t>(std::lround(full * 255));
}

}  // namespace

Frames LoudnessPicture::step(Frames length) {
  Frames step = kFinest;
  while (points_of(length, step) > kMostPoints) step *= 2;
  return step;
}

std::size_t LoudnessPicture::size(Frames length) {
  return static_cast<std::size_t>(points_of(length, step(length))) * kPointBytes;
}

LoudnessPicture::LoudnessPicture(Frames length, int channels)
    : step_(step(length)), length_(length), channels_(static_cast<std::size_t>(channels)) {}

void LoudnessPicture::add(std::span<const float> pcm) {
  const auto frames = std::min(static_cast<Frames>(pcm.size() / channels_), length_ - done_);
  for (Frames frame = 0; frame < frames; ++frame) {
    for (const float sample : pcm.subspan(static_cast<std::size_t>(frame) * channels_, channels_)) {
      peak_ = std::max(peak_, std::abs(sample));
      squares_ += static_cast<double>(sample) * sample;
    }
    if (++done_ % step_ == 0) finish_point();
  }
}

void LoudnessPicture::finish_point() {
  const Frames frames = done_ % step_ == 0 ? step_ : done_ % step_;
  const double mean = squares_ / static_cast<double>(frames * static_cast<Frames>(channels_));
  points_.push_back(byte_of(peak_));
  points_.push_back(byte_of(std::sqrt(mean)));
  peak_ = 0;
  squares_ = 0;
}

std::vector<std::uint8_t> LoudnessPicture::points() const {
  LoudnessPicture whole = *this;
  if (whole.done_ % step_ != 0) whole.finish_point();
  whole.points_.resize(size(length_));
  return std::move(whole.points_);
}

}  // namespace tutti::media
