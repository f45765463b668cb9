#include "player/now_playing.h"

#include <algorithm>
#include <cstdint>

namespace tutti::player {
namespace {

namespace wire = protocol::sendspin;

constexpr double kLongestTrack = 1e12;  // ms

void take(std::string& text, const wire::Change<std::string>& change) {
  if (change) text = change->value_or("");
}

}  // namespace

// The specification's formula, "Calculating current track position".
std::optional<std::chrono::milliseconds> NowPlaying::position(ServerTime t) const {
  if (!progress) return std::nullopt;
  // What a server claims may be anything, so that whole numbers would not hold it.
  const double passed =
      static_cast<double>(t.since_start.count()) - static_cast<double>(at.since_start.count());
  const double position =
      static_cast<double>(progress->position.count()) + passed / 1000 * progress->speed / 1000;
  const double most =
      progress->duration.count() > 0 ? static_cast<double>(progress->duration.count()) : kLongestTrack;
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(std::clamp(position, 0.0, std::min(most, kLongestTrack))));
}

void apply(NowPlaying& now, const wire::ServerState& state) {
  if (state.controller && state.controller->commands) now.allowed = *state.controller->commands;
  if (!state.metadata) return;
  take(now.title, state.metadata->title);
  take(now.artist, state.metadata->artist);
  take(now.album, state.metadata->album);
  if (!state.metadata->progress) return;
  now.progress = *state.metadata->progress;
  now.at = state.metadata->at;
}

void apply(NowPlaying& now, const wire::GroupUpdate& update) {
  if (update.playback_state) now.is_playing = *update.playback_state == wire::PlaybackState::playing;
  take(now.group, update.group_name);
  take(now.group_id, update.group_id);
}

}  // namespace tutti::player
