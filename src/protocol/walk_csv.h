// The log of a walk as a table for spreadsheets (RFC 4180).
#pragma once

#include "domain/walk_people.h"

#include <deque>
#include <string>

namespace tutti::protocol {

// Lines of time (RFC 3339, UTC), kind, participant, latency_ms, text; the first has these names. Texts come
// from outside: one that a spreadsheet would take for a formula gets a ' in front.
std::string print_walk_csv(const std::deque<WalkEvent>& events, const WallAnchor& anchor);

}  // namespace tutti::protocol
