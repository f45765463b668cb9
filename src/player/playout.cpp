#include "player/playout.h"

#include <algorithm>

namespace tutti::player {
namespace {

std::size_t bytes_of(Duration duration, const PcmFormat& format) {
  return static_cast<std::size_t>(frames_in(duration, format.rate)) * frame_bytes(format);
}

// More than is waited for, so that what comes in larger pieces finds room.
std::size_t capacity(Duration prebuffer, const PcmFormat& format) {
  constexpr Duration kMore{500'000};
  return bytes_of(prebuffer + std::max(prebuffer, kMore), format);
}

}  // namespace

Playout::Playout(const PcmFormat& format, Duration prebuffer)
    : frame_bytes_(frame_bytes(format)),
      prebuffer_bytes_(bytes_of(prebuffer, format)),
      silence_(sample_of(format) == SampleFormat::u8 ? 0x80 : 0),
      ring_(capacity(prebuffer, format)) {}

std::size_t Playout::write(std::span<const std::uint8_t> frames) {
  // The reader only makes more room, so that what fits now still fits when it is written.
  const std::size_t room = (ring_.capacity() - ring_.size()) / frame_bytes_ * frame_bytes_;
  return ring_.write(frames.first(std::min(frames.size(), room)));
}

void Playout::render(std::span<std::uint8_t> out) {
  const bool is_last = ended_;  // asked first: all that was written before the end is seen below
  if (!running_) running_ = is_last || ring_.size() >= std::max<std::size_t>(prebuffer_bytes_, 1);
  const std::size_t heard = running_ ? ring_.read(out) : 0;
  played_.fetch_add(static_cast<std::int64_t>(heard / frame_bytes_), std::memory_order_relaxed);
  if (heard == out.size()) return;
  std::ranges::fill(out.subspan(heard), silence_);
  if (!running_ || is_last) return;
  running_ = false;
  // Where the end came meanwhile, nothing is missing.
  if (!ended_) dropouts_.fetch_add(1, std::memory_order_relaxed);
}

OutputStatus Playout::status() const {
  return {played_.load(std::memory_order_relaxed), static_cast<Frames>(ring_.size() / frame_bytes_),
          dropouts_.load(std::memory_order_relaxed)};
}

}  // namespace tutti::player
