// What ClockFilter says where delays have no edge: the mean of both directions, as a straight line.
#pragma once

#include "domain/clock_strip.h"

#include <optional>

namespace tutti {

// The least squares line through the exchanges' middles. A point that is t old may be wrong by `bend` t², and
// counts for less. Nothing where the points are few, or where their round trips are not spread to both sides
// alike: those have a shortest delay, and queues above it, which move a mean. `half_width` is not filled in.
std::optional<ClockStrip> average(const ClockPoints& points, double bend, DriftGuess guess);

}  // namespace tutti
