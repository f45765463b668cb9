// What every player says of its sound: on the line of a terminal, and in a report.
#pragma once

#include "player/sync_engine.h"

#include <string>

#include <boost/json/object.hpp>

namespace tutti::player {

// " · sync +0.02 ms ± 0.10". `uncertainty`: of the clock that it keeps to.
std::string sync_text(const SyncStatus& status, Micros uncertainty);
// What a line ends with: " · volume 80 → Speakers".
std::string output_text(const SyncStatus& status, int volume, bool is_muted, const std::string& output);

// The fields of a report; docs/play.md has their meaning.
boost::json::object status_object(const SyncStatus& status, Micros uncertainty, int volume, bool is_muted);

}  // namespace tutti::player
