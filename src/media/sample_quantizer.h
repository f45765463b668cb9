// Float samples as integers, and those as bytes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tutti::media {

// The nearest value of `bits` (16 or 24) bits; beyond ±1 clipped, NaN is silence. What was decoded from that
// many bits comes out unchanged.
void quantize(std::span<const float> pcm, int bits, std::vector<std::int32_t>& out);

// Little-endian, `bytes` (2 or 3) each.
std::vector<std::uint8_t> pack(std::span<const std::int32_t> samples, int bytes);

}  // namespace tutti::media
