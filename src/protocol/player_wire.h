// The messages of /player (docs/compatibility.md, docs/api.md): JSON text, its fields flat as in the document
// of the original, or nested under `data` as its program had them. Both are read; what is sent has both.
#pragma once

#include "base/result.h"
#include "domain/player_state.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tutti::protocol {

inline constexpr std::size_t kMostPlayerMessageBytes = 4096;

// A device asks for the server's clock. `t` is returned as it came: a JSON number, empty if there was none.
struct PlayerTimeRequest {
  std::string t;
};

using PlayerMessage = std::variant<PlayerUpdate, PlayerTimeRequest>;

// Error: what was wrong, for a person; the device is told invalid_format. What is bounded: the text's length,
// its depth, positions (0 to 1e9 s), `from_is` (1 to 64 bytes, no control characters).
Result<PlayerMessage> parse_player_message(std::string_view text);

// The body of PUT /api/v1/player: a whole state, its fields as in a message. `on_pause` is false and
// `time_state_update` is `now` where it is missing. Error: as above.
Result<PlayerUpdate> parse_player_put(std::string_view text, WallTime now);

// What a device is told first: {"type_push_state":"new_track", …state…, "data":{…state…}}, or
// {"type_push_state":"no_track_state"}.
std::string state_message(const std::optional<PlayerState>& state);
std::string invalid_format_message();
// {"type_push_state":"error","message":…}
std::string error_message(std::string_view why);
std::string time_message(const PlayerTimeRequest& request, WallTime now);

// The state alone, as a JSON object. `last_sec_position` is in whole seconds unless a device gave it finer;
// `position_ms` is exact.
std::string show_player_state(const PlayerState& state);
// The same with what only the server needs: what Redis keeps.
std::string format_player_state(const PlayerState& state);
// Reads it again; also what the original wrote (no revision, no position_ms, positions that had wrapped
// around below zero, which are read as 0). Error: not such an object.
Result<PlayerState> parse_player_state(std::string_view text);

}  // namespace tutti::protocol
