#include "media/resampler.h"

#include <algorithm>

namespace tutti::media {

Result<Resampler> Resampler::open(PcmShape from, PcmShape to) {
  Resampler resampler(from, to);
  // swresample would halve the power of a mono file; here its resampled channel is doubled instead.
  const int mixed = from.channels == 1 && to.channels == 2 ? 1 : to.channels;
  if (from.rate != to.rate || from.channels != mixed) {
    const SampleShape shape{AV_SAMPLE_FMT_FLT, ChannelLayout(from.channels), from.rate};
    auto converter = SampleConverter::open(shape, ChannelLayout(mixed), to.rate);
    if (!converter) return tl::make_unexpected(converter.error());
    resampler.converter_ = std::move(*converter);
  }
  return resampler;
}

Result<void> Resampler::push(std::span<const float> pcm) {
  return convert(pcm.data(), pcm.size() / static_cast<std::size_t>(from_.channels));
}

Result<void> Resampler::finish() { return from_.rate == to_.rate ? Result<void>{} : convert(nullptr, 0); }

Result<void> Resampler::convert(const float* pcm, std::size_t frames) {
  ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(taken_));
  taken_ = 0;
  const bool doubles = from_.channels == 1 && to_.channels == 2;
  std::vector<float>& made = doubles ? mono_ : ready_;
  mono_.clear();
  if (converter_) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(pcm);
    if (auto done = converter_->convert(pcm ? &bytes : nullptr, static_cast<int>(frames), made); !done)
      return done;
  } else {
    made.insert(made.end(), pcm, pcm + frames * static_cast<std::size_t>(from_.channels));
  }
  for (const float sample : mono_) ready_.insert(ready_.end(), 2, sample);
  return {};
}

Frames Resampler::ready() const {
  return static_cast<Frames>((ready_.size() - taken_) / static_cast<std::size_t>(to_.channels));
}

Frames Resampler::take(std::span<float> out) {
  const std::size_t n = std::min(ready_.size() - taken_, out.size());
  std::copy_n(ready_.begin() + static_cast<std::ptrdiff_t>(taken_), n, out.begin());
  taken_ += n;
  return static_cast<Frames>(n / static_cast<std::size_t>(to_.channels));
}

void Resampler::discard(Frames count) {
  taken_ = std::min(ready_.size(), taken_ + static_cast<std::size_t>(count * to_.channels));
}

}  // namespace tutti::media
