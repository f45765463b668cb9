// What a server says of what it plays.
#pragma once

#include "base/time.h"
#include "protocol/sendspin_messages.h"

#include <optional>
#include <string>

namespace tutti::player {

struct NowPlaying {
  std::string server, group;  // their names
  std::string group_id;
  bool is_playing = false;  // the group is
  std::string title, artist, album;
  ServerTime at;  // when `progress` was so
  std::optional<protocol::sendspin::Progress> progress;
  protocol::sendspin::ControllerCommands allowed;  // what this player may ask of the server

  // Where in the track it is at `t`; nullopt: not known.
  std::optional<std::chrono::milliseconds> position(ServerTime t) const;
};

// What the message says is changed, all else stays.
void apply(NowPlaying& now, const protocol::sendspin::ServerState& state);
void apply(NowPlaying& now, const protocol::sendspin::GroupUpdate& update);

}  // namespace tutti::player
