// A walk as JSON that a store keeps: what its conductors have changed, with times by the calendar, in
// microseconds since 1970.
#pragma once

#include "base/result.h"
#include "domain/walk_orders.h"
#include "domain/walk_people.h"

#include <string>
#include <string_view>

namespace tutti::protocol {

struct KeptWalk {
  Walk walk;                                  // all but the assets and the measured lead; times since 1970
  bool has_sheet = false, has_about = false;  // whether these were edited; else they are not kept
  WalkCounts counts;
};

std::string format_kept_walk(const KeptWalk& kept);
// Error: it is not such an object, or larger than 4 MiB.
Result<KeptWalk> parse_kept_walk(std::string_view text);

// One event of its log, with its time since 1970.
std::string format_kept_event(const WalkEvent& event);
// Error: it is no such object, or of a kind that this version does not know.
Result<WalkEvent> parse_kept_event(std::string_view text);

}  // namespace tutti::protocol
