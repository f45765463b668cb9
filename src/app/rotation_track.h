// What of the library can be in a rotation.
#pragma once

#include "domain/rotation.h"
#include "domain/track.h"

#include <optional>

namespace tutti::app {

// Its length in frames at `rate` Hz. nullopt: it is shorter than anything that can be heard; a rotation of
// nothing else would never reach the next second.
std::optional<RotationTrack> rotation_track(const Track& track, int rate);

}  // namespace tutti::app
