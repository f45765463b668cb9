// One station: a route, the folders it plays, and its programme. Owned by the control thread.
#pragma once

#include "app/library.h"
#include "app/programme_store.h"
#include "domain/programme.h"
#include "domain/segment.h"
#include "domain/timeline.h"

#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

struct StationSettings {
  std::string route;                 // normalised
  std::vector<std::string> folders;  // absolute
  Rotation::Order order = Rotation::Order::shuffled;
  // A station that comes alive has begun so long ago, so that its first listener gets a burst of music, not
  // of silence.
  Duration head_start{0};
  // Each listener hears a programme of their own; the station has none.
  bool is_individual = false;
};

// What plays when, for people.
struct AiredTrack {
  TrackId id;
  std::string title, artist, album, file;  // UTF-8
  std::string folder_path;                 // the file's path within its station's folder, UTF-8
  bool has_cover = false;
  ServerTime starts_at;
  Duration duration{0};
};

class Station {
 public:
  enum class Status { on_air, empty, scanning };

  // `stored`: what was kept from an earlier start. A programme counted at another rate is laid out anew from
  // `now` on.
  Station(StationSettings settings, int rate, const WallAnchor& anchor, ServerTime now, std::uint64_t seed,
          std::optional<StoredProgramme> stored);

  const std::string& route() const { return settings_.route; }
  const std::vector<std::string>& folders() const { return settings_.folders; }
  std::string name() const;  // the route without its slash; "main" for "/"
  int rate() const { return rate_; }
  FrameClock clock() const { return {epoch_, rate_}; }
  Frames frame_at(ServerTime t) const { return frames_in(t - epoch_, rate_); }

  // Takes the library's tracks. While somebody listens, what begins within the next seconds stays as it is;
  // otherwise even the track on air leaves when its file has gone.
  void refresh(const Library& library, ServerTime now, bool has_listeners);
  // What refresh() took in last, in path order.
  const std::vector<RotationTrack>& tracks() const { return tracks_; }
  bool is_individual() const { return settings_.is_individual; }
  // Extends the programme over `now` and the minutes to come. True if it is to be stored.
  bool advance(const Library& library, ServerTime now);
  // `frame`, or where the first entry after it begins if nothing is on air there: a station that has just
  // come alive has no past to send.
  Frames audible_from(Frames frame) const;
  // The track on air at `frame` cannot be played: the next one takes its place.
  void drop_unplayable(Frames frame) { programme_.cut(frame); }

  // An operator's wishes. `frame`: from there on nothing has been made yet.
  void skip(Frames frame) { programme_.cut(frame); }
  void back(Frames frame) { programme_.back(frame); }
  // Holds from then on, also after a restart with another option.
  void choose_order(Rotation::Order order, std::uint64_t seed, Frames frame);
  Rotation::Order order() const { return programme_.order(); }
  void forget_history(ServerTime now) { programme_.forget_history(frame_at(now)); }
  const ProgrammeEntry* entry_at(Frames frame) const { return programme_.at(frame); }

  Status status(const Library& library, ServerTime now) const;
  // The committed programme from what is on air at `from` on.
  std::vector<Segment> segments(const Library& library, Frames from) const;
  // Consecutive, oldest first: `before` ended ones at most, the one on air, `after` coming ones at most.
  std::vector<AiredTrack> aired(const Library& library, ServerTime now, std::size_t before,
                                std::size_t after) const;
  AiredTrack describe(const Library& library, const ProgrammeEntry& entry) const;
  std::optional<Timeline> timeline(const Library& library, ServerTime now) const;
  // One that is heard from `starts_at` on.
  AiredTrack describe(const Library& library, TrackId track, ServerTime starts_at) const;
  StoredProgramme stored() const { return {wall_epoch_, rate_, programme_.state(), chosen_order_}; }

 private:
  bool is_scanning(const Library& library) const;

  StationSettings settings_;
  int rate_;
  WallTime wall_epoch_;
  ServerTime epoch_;
  std::optional<Rotation::Order> chosen_order_;
  Programme programme_;
  std::vector<RotationTrack> tracks_;
};

}  // namespace tutti::app
