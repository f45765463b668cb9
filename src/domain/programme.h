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
  // Which one it is in the sequence as it was drawn; what an operator has gone back to keeps its place. Not
  // stored, and no part of what is heard.
  std::int64_t place = 0;

  Frames end() const { return first + length; }
  friend bool operator==(const ProgrammeEntry& a, const ProgrammeEntry& b) {
    return a.track == b.track && a.first == b.first && a.length == b.length;
  }
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

  // Ends the entry that is on air at `frame` there; what follows moves up. For a track that cannot be played,
  // or that an operator has had enough of.
  void cut(Frames frame);
  // Ends the entry that is on air at `frame` there, and plays what stood before it, then it once more, then
  // what follows. Again: goes back further, as far as the history reaches; then that entry begins anew.
  void back(Frames frame);
  // What follows the entry on air at `frame` comes in another order.
  void reorder(Rotation::Order order, std::uint64_t seed, Frames frame);
  // Forgets what has ended by `frame`.
  void forget_history(Frames frame);

  // What is on air at `frame`; nullptr in a gap (no tracks were there).
  const ProgrammeEntry* at(Frames frame) const;
  const std::deque<ProgrammeEntry>& entries() const { return entries_; }  // consecutive, oldest first
  bool has_tracks() const { return !rotation_.empty(); }
  Rotation::Order order() const { return rotation_.order(); }

  State state() const { return {rotation_.state(), {entries_.begin(), entries_.end()}}; }

 private:
  void close_gaps(std::size_t from);         // lays entries [from, …) end to end
  void trim(Frames now);                     // forgets history beyond kHistory
  std::size_t index_at(Frames frame) const;  // of the entry on air there; entries_.size(): none

  Rotation rotation_;
  std::deque<ProgrammeEntry> entries_;
};

}  // namespace tutti
