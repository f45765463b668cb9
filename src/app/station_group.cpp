#include "app/station_group.h"

#include "base/log.h"

#include <chrono>
#include <utility>

namespace tutti::app {

StationGroup::StationGroup(StationService& stations, const std::string& route, std::uint32_t index)
    : Group(route, route == "/" ? "main" : route.substr(1)), stations_(stations), index_(index) {}

void StationGroup::look(ServerTime now) {
  const auto station = stations_.view(id(), now, 0, 0);
  if (!station) return;
  is_playing_ = station->status == Station::Status::on_air;
  auto playing = playing_at(*station, now);
  if (!is_told(playing_, playing)) playing_ = std::make_shared<const NowPlaying>(std::move(playing));
}

// From where the track began, so that its message holds for all of it.
NowPlaying StationGroup::playing_at(const StationView& station, ServerTime now) const {
  NowPlaying out;
  out.at = now;
  if (station.current >= station.aired.size()) return out;
  const AiredTrack& track = station.aired[station.current];
  out.at = track.starts_at;
  out.has_track = true;
  out.title = track.title;
  out.artist = track.artist;
  out.album = track.album;
  out.duration = std::chrono::duration_cast<std::chrono::milliseconds>(track.duration);
  if (const Track* known = stations_.library().find(track.id)) {
    out.year = known->tags.year;
    out.number = known->tags.number;
    out.album_artist = known->tags.album_artist;
  }
  out.track = track.id;
  if (track.has_cover) out.cover = track.id;
  out.is_shuffled = stations_.order_of(stations_.broadcasts().at(id())) == Rotation::Order::shuffled;
  return out;
}

void StationGroup::act(GroupAction action, bool is_operator, ServerTime now) {
  const bool is_skip = action == GroupAction::next || action == GroupAction::previous;
  if (!is_operator || !is_skip) return;
  const auto done = action == GroupAction::next ? stations_.next(id(), now) : stations_.previous(id(), now);
  if (!done) log::info("Sendspin: {}: {}", id(), done.error().message);
}

}  // namespace tutti::app
