#include "media/sample_quantizer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace tutti::media {

void quantize(std::span<const float> pcm, int bits, std::vector<std::int32_t>& out) {
  const auto full = static_cast<float>(1 << (bits - 1));
  out.resize(pcm.size());
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    const float scaled = std::isnan(pcm[i]) ? 0.f : std::clamp(pcm[i] * full, -full, full - 1);
    out[i] = static_cast<std::int32_t>(std::lrint(scaled));
  }
}

std::vector<std::uint8_t> pack(std::span<const std::int32_t> samples, int bytes) {
  std::vector<std::uint8_t> out(samples.size() * static_cast<std::size_t>(bytes));
  std::uint8_t* to = out.data();
  for (const std::int32_t sample : samples) {
    const auto bits = static_cast<std::uint32_t>(sample);
    for (int i = 0; i < bytes; ++i) *to++ = static_cast<std::uint8_t>(bits >> (8 * i));
  }
  return out;
}

}  // namespace tutti::media
