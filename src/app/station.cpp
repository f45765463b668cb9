#include "app/station.h"

#include "app/rotation_track.h"
#include "base/utf8.h"

#include <algorithm>
#include <set>
#include <utility>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

// How far the queue is committed ahead. While the first scan goes on, only as far as the producer needs, so
// that the first tracks found are not repeated for minutes.
constexpr Duration kCommitted = 10min;
constexpr Duration kCommittedWhileScanning = 15s;
// What begins sooner than this may already be decoded.
constexpr Duration kSettled = 5s;

Programme::State initial_state(const std::optional<StoredProgramme>& stored, int rate, std::uint64_t seed) {
  Programme::State state;
  state.rotation.seed = seed;
  if (stored) state.rotation = stored->state.rotation;
  if (stored && stored->rate == rate) state.entries = stored->state.entries;
  return state;
}

}  // namespace

Station::Station(StationSettings settings, int rate, const WallAnchor& anchor, ServerTime now,
                 std::uint64_t seed, std::optional<StoredProgramme> stored)
    : settings_(std::move(settings)),
      rate_(rate),
      wall_epoch_(stored && stored->rate == rate ? stored->epoch : anchor.to_wall(now)),
      epoch_(anchor.to_server(wall_epoch_)),
      chosen_order_(stored ? stored->order : std::nullopt),
      programme_(chosen_order_.value_or(settings_.order), initial_state(stored, rate, seed)) {}

void Station::choose_order(Rotation::Order order, std::uint64_t seed, Frames frame) {
  chosen_order_ = order;
  programme_.reorder(order, seed, frame);
}

std::string Station::name() const { return route() == "/" ? "main" : route().substr(1); }

void Station::refresh(const Library& library, ServerTime now, bool has_listeners) {
  std::vector<RotationTrack> tracks;
  std::set<TrackId> seen;  // folders may lie within each other
  for (const auto& folder : settings_.folders) {
    for (const Track* track : library.tracks_in(folder)) {
      const auto part = rotation_track(*track, rate_);
      if (part && seen.insert(track->id).second) tracks.push_back(*part);
    }
  }
  tracks_ = tracks;
  const Frames frame = frame_at(now);
  if (!has_listeners) {
    const ProgrammeEntry* current = programme_.at(frame);
    if (current && !library.is_present(current->track) && !is_scanning(library)) programme_.cut(frame);
  }
  // A queue from before the restart waits until the folders have been seen again.
  const Frames settled = frame_at(now + kSettled);
  programme_.set_tracks(std::move(tracks), is_scanning(library) ? frame_at(now + kCommitted * 6) : settled);
}

bool Station::advance(const Library& library, ServerTime now) {
  if (settings_.is_individual) return false;
  const Duration ahead = is_scanning(library) ? kCommittedWhileScanning : kCommitted;
  return programme_.extend(frame_at(now - settings_.head_start), frame_at(now + ahead));
}

Frames Station::audible_from(Frames frame) const {
  const auto next =
      std::ranges::find_if(programme_.entries(), [&](const auto& entry) { return entry.end() > frame; });
  return next == programme_.entries().end() ? frame : std::max(frame, next->first);
}

bool Station::is_scanning(const Library& library) const {
  return std::ranges::any_of(settings_.folders,
                             [&](const auto& folder) { return library.is_scanning(folder); });
}

Station::Status Station::status(const Library& library, ServerTime now) const {
  if (programme_.has_tracks() || programme_.at(frame_at(now))) return Status::on_air;
  return is_scanning(library) ? Status::scanning : Status::empty;
}

std::vector<Segment> Station::segments(const Library& library, Frames from) const {
  std::vector<Segment> out;
  for (const auto& entry : programme_.entries()) {
    if (entry.end() <= from) continue;
    const Track* track = library.find(entry.track);
    if (!track) continue;
    out.push_back({entry.track, track->file.path, stream_title(*track), entry.first, entry.length});
  }
  return out;
}

AiredTrack Station::describe(const Library& library, TrackId track, ServerTime starts_at) const {
  const Track* known = library.find(track);
  AiredTrack out = describe(library, {track, 0, known ? rescale(known->frames, known->rate, rate_) : 0});
  out.starts_at = starts_at;
  return out;
}

AiredTrack Station::describe(const Library& library, const ProgrammeEntry& entry) const {
  AiredTrack out;
  out.id = entry.track;
  out.starts_at = epoch_ + duration_of(entry.first, rate_);
  out.duration = epoch_ + duration_of(entry.end(), rate_) - out.starts_at;
  const Track* track = library.find(entry.track);
  if (!track) return out;
  out.title = display_title(*track);
  out.artist = to_valid_utf8(track->tags.artist);
  out.album = to_valid_utf8(track->tags.album);
  out.file = file_name(*track);
  out.has_cover = track->tags.has_cover;
  for (const auto& folder : settings_.folders) {
    if (track->file.path.starts_with(folder + '/')) {
      out.folder_path = to_valid_utf8(track->file.path.substr(folder.size() + 1));
      break;
    }
  }
  return out;
}

std::vector<AiredTrack> Station::aired(const Library& library, ServerTime now, std::size_t before,
                                       std::size_t after) const {
  const auto& entries = programme_.entries();
  const Frames frame = frame_at(now);
  const auto current = std::ranges::find_if(entries, [&](const auto& entry) { return entry.end() > frame; });
  const auto index = static_cast<std::size_t>(current - entries.begin());
  std::vector<AiredTrack> out;
  for (std::size_t i = index - std::min(index, before); i < std::min(entries.size(), index + after + 1);
       ++i) {
    out.push_back(describe(library, entries[i]));
  }
  return out;
}

std::optional<Timeline> Station::timeline(const Library& library, ServerTime now) const {
  const Frames frame = frame_at(now);
  const ProgrammeEntry* entry = programme_.at(frame);
  const Track* track = entry ? library.find(entry->track) : nullptr;
  if (!track) return std::nullopt;
  return Timeline{track->id, rescale(frame - entry->first, rate_, track->rate), track->rate, now, true};
}

}  // namespace tutti::app
