#include "domain/rotation.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace tutti {
namespace {

// The finaliser of SplitMix64: every input bit changes every output bit with even odds.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// A gap of this many tracks is played through (in some milliseconds), so that it makes no difference whether
// a station was asked for meanwhile. For a music library these are decades.
constexpr Frames kPlayedThrough = 100'000;

}  // namespace

std::uint64_t shuffle_key(const Rotation::State& state, TrackId id) {
  return mix(mix(state.seed ^ mix(state.cycle)) ^ static_cast<std::uint64_t>(id.value));
}

std::uint64_t Rotation::key(TrackId id) const { return shuffle_key(state_, id); }

void Rotation::set_tracks(std::vector<RotationTrack> tracks) {
  if (tracks == tracks_) return;
  tracks_ = std::move(tracks);
  sort_cycle();
}

const RotationTrack* Rotation::find(TrackId id) const {
  const auto found = std::ranges::find(tracks_, id, &RotationTrack::id);
  return found == tracks_.end() ? nullptr : &*found;
}

void Rotation::reorder(Order order, std::uint64_t seed, std::optional<TrackId> after) {
  order_ = order;
  state_ = {seed, 0, std::nullopt, std::nullopt, 0};
  if (order == Order::shuffled) {
    state_.previous_cycle = after;
  } else {
    state_.last = after;
  }
  sort_cycle();
  state_.played = next_;
}

void Rotation::sort_cycle() {
  cycle_ = tracks_;
  const auto is = [](std::optional<TrackId> id) {
    return [id](const RotationTrack& t) { return t.id == id; };
  };
  if (order_ == Order::shuffled) {
    std::ranges::sort(cycle_, {}, [this](const RotationTrack& t) { return std::pair(key(t.id), t.id); });
    if (cycle_.size() > 1 && state_.previous_cycle && cycle_.front().id == *state_.previous_cycle) {
      std::rotate(cycle_.begin(), cycle_.begin() + 1, cycle_.end());
    }
  }
  if (!state_.last) {
    next_ = 0;
    return;
  }
  const auto last = std::ranges::find_if(cycle_, is(state_.last));
  if (last != cycle_.end()) {
    next_ = static_cast<std::size_t>(last - cycle_.begin()) + 1;
  } else if (order_ == Order::shuffled) {
    const auto place = std::pair(key(*state_.last), *state_.last);
    const auto after = std::ranges::find_if(
        cycle_, [&](const RotationTrack& t) { return std::pair(key(t.id), t.id) > place; });
    next_ = static_cast<std::size_t>(after - cycle_.begin());
  } else {
    // The last one is gone, so what followed it has moved up by one.
    next_ = std::min<std::size_t>(state_.played > 0 ? state_.played - 1 : 0, cycle_.size());
  }
}

void Rotation::begin_cycle(std::uint64_t cycle, std::optional<TrackId> previous) {
  state_.cycle = cycle;
  state_.previous_cycle = previous;
  state_.last.reset();
  state_.played = 0;
  sort_cycle();
}

RotationTrack Rotation::next() {
  assert(!empty());
  if (next_ >= cycle_.size())
    begin_cycle(state_.cycle + 1, state_.last ? state_.last : state_.previous_cycle);
  const RotationTrack track = cycle_[next_++];
  state_.last = track.id;
  state_.played = next_;
  return track;
}

Frames Rotation::skip_cycles(Frames frames) {
  Frames cycle = 0;
  for (const auto& track : tracks_) cycle += track.length;
  const auto tracks = static_cast<Frames>(tracks_.size());
  if (cycle <= 0 || frames / cycle < std::max<Frames>(2, kPlayedThrough / tracks)) return 0;
  // What is left of this cycle counts as played too, so at most frames / cycle - 1 whole ones are passed
  // over.
  Frames skipped = 0;
  for (; next_ < cycle_.size(); ++next_) skipped += cycle_[next_].length;
  const Frames whole = (frames - skipped) / cycle;
  const auto jumped = static_cast<std::uint64_t>(whole);
  begin_cycle(state_.cycle + jumped, std::nullopt);
  begin_cycle(state_.cycle + 1, cycle_.back().id);
  return skipped + whole * cycle;
}

}  // namespace tutti
