#include "player/now_playing.h"

#include <algorithm>

namespace tutti::player {
namespace {

namespace wire = protocol::sendspin;

void take(std::string& text, const wire::Change<std::string>& change) {
  if (change) text = change->value_or("");
}

}  // namespace

// The specification's formula, "Calculating current track position".
std::optional<std::chrono::milliseconds> NowPlaying::position(ServerTime t) const {
  if (!progress) return std::nullopt;
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(t - at);
  const std::chrono::milliseconds now = progress->position + passed * progress->speed / 1000;
  const auto least = std::max(now, std::chrono::milliseconds(0));
  return progress->duration.count() > 0 ? std::min(least, progress->duration) : least;
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
}

}  // namespace tutti::player
