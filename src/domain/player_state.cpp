#include "domain/player_state.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tutti {
namespace {

using std::chrono::milliseconds;

constexpr auto kTrustedSkew = std::chrono::minutes(2);

milliseconds saturated_sum(milliseconds a, milliseconds b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a.count(), b.count(), &sum)) {
    return a.count() < 0 ? milliseconds::min() : milliseconds::max();
  }
  return milliseconds(sum);
}

milliseconds within_track(milliseconds position, std::optional<milliseconds> length) {
  position = std::max(position, milliseconds(0));
  return length ? std::min(position, std::max(*length, milliseconds(0))) : position;
}

void apply_change(PlayerState& state, const NewTrack& change, const PlayerUpdate& update) {
  state.track_id = change.track_id;
  if (change.from_is) state.from_is = change.from_is;
  if (change.from_is_id) state.from_is_id = change.from_is_id;
  state.on_pause = change.on_pause;
  state.track_length = change.track_length;
  state.position = change.position;
  state.time_state_update = update.time;
}

void apply_change(PlayerState& state, const OnPause&, const PlayerUpdate& update) {
  state.position.value = state.position_at(update.time);
  state.on_pause = true;
  state.time_state_update = update.time;
}

void apply_change(PlayerState& state, const OffPause&, const PlayerUpdate& update) {
  state.on_pause = false;
  state.time_state_update = update.time;
}

void apply_change(PlayerState& state, const ChangePosition& change, const PlayerUpdate& update) {
  state.position = change.position;
  state.time_state_update = update.time;
}

bool changes_nothing(const PlayerState& state, const PlayerUpdate& update) {
  return state.on_pause ? std::holds_alternative<OnPause>(update.change)
                        : std::holds_alternative<OffPause>(update.change);
}

}  // namespace

milliseconds elapsed(DeviceTime from, DeviceTime to) {
  if (to <= from) return milliseconds(0);
  std::int64_t difference = 0;
  const bool overflows =
      __builtin_sub_overflow(to.since_unix_epoch.count(), from.since_unix_epoch.count(), &difference);
  return overflows ? milliseconds::max() : milliseconds(difference);
}

milliseconds PlayerState::position_at(DeviceTime t) const {
  const milliseconds begun = within_track(position.value, track_length);
  return on_pause ? begun : within_track(saturated_sum(begun, elapsed(time_state_update, t)), track_length);
}

PlayerOutcome apply_update(const std::optional<PlayerState>& state, const PlayerUpdate& update) {
  if (update.if_revision && *update.if_revision != (state ? state->revision : 0)) return StaleRevision{};
  if (!state && !std::holds_alternative<NewTrack>(update.change)) return NoTrackState{};
  PlayerState next = state.value_or(PlayerState{});
  ++next.revision;
  if (state && changes_nothing(*state, update)) return next;
  std::visit([&](const auto& change) { apply_change(next, change, update); }, update.change);
  next.position.value = within_track(next.position.value, next.track_length);
  next.time_text = update.time_text;
  next.accepted_at = update.accepted_at;
  return next;
}

DeviceTime time_of_loss(const PlayerState& state, WallTime lost_at) {
  const auto lost = std::chrono::floor<milliseconds>(lost_at.since_unix_epoch);
  const auto accepted = std::chrono::floor<milliseconds>(state.accepted_at.since_unix_epoch);
  const DeviceTime sent = state.time_state_update;
  const bool is_trusted =
      elapsed(sent, {accepted}) <= kTrustedSkew && elapsed({accepted}, sent) <= kTrustedSkew;
  if (is_trusted || state.accepted_at == WallTime{}) return {lost};
  return {saturated_sum(sent.since_unix_epoch, elapsed({accepted}, {lost}))};
}

}  // namespace tutti
