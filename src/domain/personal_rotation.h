// The order of tracks of one listener's own programme. The same order as a Rotation with the same state, but
// found by looking at every track instead of keeping the cycle sorted: thousands of listeners each have a
// programme, and it is asked once per track.
#pragma once

#include "domain/rotation.h"

#include <optional>
#include <span>

namespace tutti {

// The next track after `state`, which moves on. `tracks`: in path order, each id once; may be others than the
// last time. nullopt where there is none. One pass over the tracks.
std::optional<RotationTrack> next_personal_track(Rotation::Order order, Rotation::State& state,
                                                 std::span<const RotationTrack> tracks);

}  // namespace tutti
