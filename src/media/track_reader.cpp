#include "media/track_reader.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace tutti::media {
namespace {

constexpr Frames kResamplerWarmUp = 256;  // station frames, more than the resampler's filter is long
constexpr Frames kRounding = 3;           // file frames by which a segment may differ from its file

}  // namespace

Result<TrackReader> TrackReader::open(const Segment& segment, Frames offset, int station_rate,
                                      Lengths lengths) {
  auto decoder = Decoder::open(segment.path);
  if (!decoder) return tl::make_unexpected(decoder.error());
  const int rate = decoder->rate();
  const Frames length = rescale(segment.length, station_rate, rate);
  Frames begin = offset;  // in station frames
  if (rate != station_rate) {
    const Frames unit = station_rate / std::gcd(rate, station_rate);
    begin = std::max<Frames>(0, offset - kResamplerWarmUp) / unit * unit;
  }
  const Frames file_begin = rescale(begin, station_rate, rate);
  if (file_begin > 0) {
    if (auto done = decoder->seek(file_begin); !done) return tl::make_unexpected(done.error());
  }
  const bool is_exact = rate == station_rate && lengths == Lengths::exact;
  return TrackReader(std::move(*decoder), is_exact ? length : length + kRounding, file_begin, offset - begin);
}

Result<void> TrackReader::preload() {
  std::vector<float> pcm(static_cast<std::size_t>(decoder_.rate() / 2 * decoder_.channels()));
  const auto frames = read(pcm);
  if (!frames) return tl::make_unexpected(frames.error());
  pcm.resize(static_cast<std::size_t>(*frames * decoder_.channels()));
  preloaded_ = std::move(pcm);
  position_ -= *frames;
  return {};
}

Result<Frames> TrackReader::read(std::span<float> out) {
  if (used_ < preloaded_.size()) {
    const std::size_t n = std::min(out.size(), preloaded_.size() - used_);
    std::copy_n(preloaded_.begin() + static_cast<std::ptrdiff_t>(used_), n, out.begin());
    used_ += n;
    const Frames frames = static_cast<Frames>(n) / decoder_.channels();
    position_ += frames;
    return frames;
  }
  const Frames wanted = std::min(static_cast<Frames>(out.size()) / decoder_.channels(), length_ - position_);
  if (wanted <= 0) return 0;
  const auto frames = decoder_.read(out.first(static_cast<std::size_t>(wanted * decoder_.channels())));
  if (frames) position_ += *frames;
  return frames;
}

bool TrackReader::fits() const {
  const Frames short_by = length_ - position_;
  return short_by > 0 && short_by <= 2 * kRounding;
}

}  // namespace tutti::media
