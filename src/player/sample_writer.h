// Float samples as bytes of any format.
#pragma once

#include "player/sample_format.h"

#include <cstdint>
#include <span>

namespace tutti::player {

// Little-endian. Integers are rounded to the nearest, what lies beyond ±1 is clipped; what was made from an
// integer of the same width (up to 24 bits) becomes that integer again. `out` has room for all; returns the
// bytes written.
std::size_t write_samples(std::span<const float> samples, SampleFormat format, std::span<std::uint8_t> out);

}  // namespace tutti::player
