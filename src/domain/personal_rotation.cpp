#include "domain/personal_rotation.h"

#include <utility>

namespace tutti {
namespace {

using Place = std::pair<std::uint64_t, TrackId>;
using Tracks = std::span<const RotationTrack>;

Place place_of(const Rotation::State& state, TrackId id) { return {shuffle_key(state, id), id}; }

// The first in the cycle's order behind `after`, or of all.
const RotationTrack* first_behind(const Rotation::State& state, Tracks tracks, std::optional<Place> after) {
  const RotationTrack* best = nullptr;
  Place best_place;
  for (const auto& track : tracks) {
    const Place place = place_of(state, track.id);
    if ((after && place <= *after) || (best && place >= best_place)) continue;
    best = &track;
    best_place = place;
  }
  return best;
}

const RotationTrack* next_shuffled(const Rotation::State& state, Tracks tracks) {
  const RotationTrack* first = first_behind(state, tracks, std::nullopt);
  // What ended the last cycle does not begin this one: it goes to the end.
  const bool is_moved = tracks.size() > 1 && first && state.previous_cycle == first->id;
  const RotationTrack* next = nullptr;
  if (!state.last) {
    next = is_moved ? first_behind(state, tracks, place_of(state, first->id)) : first;
  } else if (is_moved && state.last == first->id) {
    return nullptr;
  } else {
    next = first_behind(state, tracks, place_of(state, *state.last));
    if (is_moved && next == first) next = first_behind(state, tracks, place_of(state, first->id));
  }
  return next || !is_moved ? next : first;
}

const RotationTrack* next_by_path(const Rotation::State& state, Tracks tracks) {
  std::size_t index = 0;
  if (state.last) {
    for (; index < tracks.size() && tracks[index].id != *state.last; ++index) {
    }
    // Where the last one is gone, what followed it has moved up by one.
    index =
        index < tracks.size() ? index + 1 : static_cast<std::size_t>(state.played > 0 ? state.played - 1 : 0);
  }
  return index < tracks.size() ? &tracks[index] : nullptr;
}

}  // namespace

std::optional<RotationTrack> next_personal_track(Rotation::Order order, Rotation::State& state,
                                                 Tracks tracks) {
  if (tracks.empty()) return std::nullopt;
  const auto look = order == Rotation::Order::shuffled ? next_shuffled : next_by_path;
  const RotationTrack* next = look(state, tracks);
  if (!next) {
    state = {state.seed, state.cycle + 1, std::nullopt, state.last ? state.last : state.previous_cycle, 0};
    next = look(state, tracks);
  }
  state.last = next->id;
  ++state.played;
  return *next;
}

}  // namespace tutti
