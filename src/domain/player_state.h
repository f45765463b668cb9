// One user's player, shared by all of the user's devices: which track, where in it, as of when, playing or
// not. Where it is at any other time is arithmetic (docs/decisions/007-player-state-order.md).
//
// Times are those of the devices: a pause lands where the user pressed it. Devices' clocks differ, so only
// the difference of two times counts, and only if it is not negative.
#pragma once

#include "base/time.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace tutti {

// A moment on the calendar of one of the devices. It says nothing about the server's clocks.
struct DeviceTime {
  std::chrono::milliseconds since_unix_epoch{0};
  friend auto operator<=>(const DeviceTime&, const DeviceTime&) = default;
};

// From `from` until `to`: never negative, never beyond what fits.
std::chrono::milliseconds elapsed(DeviceTime from, DeviceTime to);

struct PlayerPosition {
  std::chrono::milliseconds value{0};  // from the track's beginning, never negative
  bool has_fraction = false;           // a device gave it finer than in whole seconds, so it may be told so

  friend bool operator==(const PlayerPosition&, const PlayerPosition&) = default;
};

struct PlayerState {
  std::int64_t track_id = 0;               // TrackId of the library, or whatever the user's apps mean by it
  std::optional<std::string> from_is;      // "album", "playlist", "favorites", …
  std::optional<std::int64_t> from_is_id;  // which album, playlist, …
  bool on_pause = false;
  PlayerPosition position;  // as of time_state_update
  DeviceTime time_state_update;
  std::string time_text;       // the same as the device spelt it; empty if the server made it
  std::uint64_t revision = 0;  // grows by one with every accepted update
  std::optional<std::chrono::milliseconds> track_length;  // as far as the library knows the track
  WallTime accepted_at;  // when time_state_update reached the server; 0: not known

  std::chrono::milliseconds position_at(DeviceTime t) const;

  friend bool operator==(const PlayerState&, const PlayerState&) = default;
};

// What a device, or an app over HTTP, can ask for.
struct NewTrack {
  std::int64_t track_id = 0;
  std::optional<std::string> from_is;  // missing ones keep their last value
  std::optional<std::int64_t> from_is_id;
  PlayerPosition position;
  std::optional<std::chrono::milliseconds> track_length;  // filled in by the server
  bool on_pause = false;
};
struct OnPause {};
struct OffPause {};
struct ChangePosition {
  PlayerPosition position;
};

struct PlayerUpdate {
  std::variant<NewTrack, OnPause, OffPause, ChangePosition> change;
  DeviceTime time;
  std::string time_text;
  std::optional<std::uint64_t> if_revision;  // only if the state has this one; 0: only if there is none
  WallTime accepted_at;                      // filled in by the server
};

struct NoTrackState {};   // there is no state yet, and this update makes none
struct StaleRevision {};  // another update came first
using PlayerOutcome = std::variant<PlayerState, NoTrackState, StaleRevision>;

// The state after `update`, with the next revision. Pausing what is paused and playing what plays change
// nothing else. For any clocks and positions the result's position is neither negative nor beyond the track's
// known end.
PlayerOutcome apply_update(const std::optional<PlayerState>& state, const PlayerUpdate& update);

// What the clock of the device that made the state said when the server lost the last connection at
// `lost_at`. A clock that agrees with the server's to two minutes is taken to be right; from any other, only
// the time since its message counts.
DeviceTime time_of_loss(const PlayerState& state, WallTime lost_at);

}  // namespace tutti
