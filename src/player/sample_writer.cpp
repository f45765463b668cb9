#include "player/sample_writer.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace tutti::player {
namespace {

void put(std::uint32_t value, std::size_t width, std::uint8_t*& to) {
  for (std::size_t i = 0; i < width; ++i) *to++ = static_cast<std::uint8_t>(value >> (8 * i));
}

std::uint32_t as_integer(float sample, std::size_t width) {
  const double scale = std::ldexp(1.0, static_cast<int>(8 * width) - 1);
  const double scaled = std::isnan(sample) ? 0 : std::nearbyint(static_cast<double>(sample) * scale);
  return static_cast<std::uint32_t>(static_cast<std::int64_t>(std::clamp(scaled, -scale, scale - 1)));
}

}  // namespace

std::size_t write_samples(std::span<const float> samples, SampleFormat format, std::span<std::uint8_t> out) {
  const std::size_t width = bytes_per_sample(format);
  const std::size_t count = std::min(samples.size(), out.size() / width);
  std::uint8_t* to = out.data();
  for (const float sample : samples.first(count)) {
    switch (format) {
      case SampleFormat::f32:
        put(std::bit_cast<std::uint32_t>(sample), width, to);
        break;
      case SampleFormat::u8:
        put(as_integer(sample, width) ^ 0x80u, width, to);
        break;
      default:
        put(as_integer(sample, width), width, to);
    }
  }
  return count * width;
}

}  // namespace tutti::player
