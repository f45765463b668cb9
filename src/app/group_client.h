// Port: one client of a group (a player, a remote control, a display), as control sees it. Implemented by
// net/, on whose thread it lives. Called on the control thread.
#pragma once

#include "domain/artwork.h"
#include "domain/audio_time.h"
#include "domain/private_timeline.h"
#include "domain/track.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace tutti::app {

struct GroupView {
  std::uint32_t index = 0;  // another one: another timeline
  std::string id, name;     // UTF-8
  bool is_playing = false;

  friend bool operator==(const GroupView&, const GroupView&) = default;
};

// What is heard from `at` on. Without a track: nothing.
struct NowPlaying {
  ServerTime at;
  bool has_track = false;
  std::string title, artist, album, album_artist;  // UTF-8, "" where unknown
  int year = 0, number = 0;                        // 0 where unknown
  std::optional<TrackId> track;                    // which it is
  std::optional<TrackId> cover;                    // the track whose cover goes with it
  std::chrono::milliseconds position{0}, duration{0};
  bool is_moving = true;  // else it stands still at `position`
  bool is_shuffled = false;
  PrivateTimeline::Repeat repeat = PrivateTimeline::Repeat::all;

  friend bool operator==(const NowPlaying&, const NowPlaying&) = default;
};
using NowPlayingPtr = std::shared_ptr<const NowPlaying>;

// What a member may ask of its group.
enum class GroupAction {
  play,
  pause,
  stop,
  next,
  previous,
  repeat_off,
  repeat_one,
  repeat_all,
  shuffle,
  unshuffle
};
// Volume, mute and switch; next and previous too; every action.
enum class GroupRights { volume, skip, everything };

struct GroupControls {
  GroupRights rights = GroupRights::volume;
  int volume = 0;  // 0 to 100; without players 0
  bool is_muted = false;

  friend bool operator==(const GroupControls&, const GroupControls&) = default;
};

class GroupClient {
 public:
  virtual ~GroupClient() = default;

  virtual void on_group(const GroupView& group) = 0;
  virtual void on_now_playing(const NowPlayingPtr& playing) = 0;
  virtual void on_controls(const GroupControls& controls) = 0;
  // To the player.
  virtual void set_volume(int volume) = 0;
  virtual void set_mute(bool is_muted) = 0;
  // For a channel of its display, from `at` on; null: nothing to show.
  virtual void on_artwork(int channel, const ArtworkPtr& artwork, ServerTime at) = 0;
  // Another connection has come with the same client's id. Nothing comes after this.
  virtual void on_replaced() = 0;
};

}  // namespace tutti::app
