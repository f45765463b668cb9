// The endless sequence of a station's tracks: a committed queue of entries, extended by a rotation.
//
// Counted in the station's frames since its epoch. What is on air at a time is looked up, not played: an idle
// station costs nothing, and after a restart it is where it would have been.
#pragma once

#include "domain/rotation.h"
#include "domain/timeline.h"

#include <deque>
#include <optional>
#include <vector>

namespace tutti {

struct ProgrammeEntry {
  TrackId track;
  Frames first = 0;   // station frames since the epoch
  Frames length = 0;  // station frames

  Frames end() const { return first + length; }
  friend bool operator==(const ProgrammeEntry&, const ProgrammeEntry&) = default;
};

class Programme {
 public:
  // How many entries that have ended are kept, for people who ask what that was.
  static constexpr std::size_t kHistory = 20;

  struct State {
    Rotation::State rotation;
    std::vector<ProgrammeEntry> entries;

    friend bool operator==(const State&, const State&) = default;
  };

  Programme(Rotation::Order order, State state);

  // The library's tracks for this station, in path order. Entries that begin before `settled` stay as they
  // are; later ones whose track is gone or has another length leave, and what follows moves up.
  void set_tracks(std::vector<RotationTrack> tracks, Frames settled);

  // Commits entries until the queue reaches `until`, beginning no earlier than `now` where there was nothing
  // before. Forgets history beyond kHistory. True if the queue changed.
  bool extend(Frames now, Frames until);

  // Ends the entry that is on air at `frame` there; what follows moves up. For a track that cannot be played.
  void cut(Frames frame);

  // What is on air at `frame`; nullptr in a gap (no tracks were there).
  const ProgrammeEntry* at(Frames frame) const;
  const std::deque<ProgrammeEntry>& entries() const { return entries_; }  // consecutive, oldest first
  bool has_tracks() const { return !rotation_.empty(); }

  State state() const { return {rotation_.state(), {entries_.begin(), entries_.end()}}; }

 private:
  void close_gaps(std::size_t from);  // lays entries [from, …) end to end

  Rotation rotation_;
  std::deque<ProgrammeEntry> entries_;
};

}  // namespace tutti
