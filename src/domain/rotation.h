// The endless order in which a station's tracks come: cycle after cycle, each holding every track once.
//
// A shuffled cycle orders the tracks by a hash of (seed, cycle, track). So the order needs no stored
// permutation: a new track takes its place in what is still to come, a removed one just leaves, and the same
// state over the same tracks always continues in the same way.
#pragma once

#include "domain/track.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tutti {

struct RotationTrack {
  TrackId id;
  Frames length = 0;  // in the station's frames, more than 0

  friend bool operator==(const RotationTrack&, const RotationTrack&) = default;
};

class Rotation {
 public:
  enum class Order { shuffled, by_path };

  // All that must be stored to continue.
  struct State {
    std::uint64_t seed = 0;
    std::uint64_t cycle = 0;
    std::optional<TrackId> last;            // played last in this cycle
    std::optional<TrackId> previous_cycle;  // played last in the cycle before
    std::uint64_t played = 0;               // how many this cycle has played

    friend bool operator==(const State&, const State&) = default;
  };

  Rotation(Order order, State state) : order_(order), state_(state) {}

  // `tracks` in path order, each id once.
  void set_tracks(std::vector<RotationTrack> tracks);
  bool empty() const { return tracks_.empty(); }
  const RotationTrack* find(TrackId id) const;  // nullptr: it is none of them

  Order order() const { return order_; }
  // From now on in this order: shuffled anew by `seed`, without beginning with `after`; or by path, from what
  // follows `after`.
  void reorder(Order order, std::uint64_t seed, std::optional<TrackId> after);

  // The next track. No track follows itself while there are two. Precondition: !empty().
  RotationTrack next();

  // Where `frames` hold very many cycles, jumps over as many whole ones as fit; returns how long they last,
  // else 0. For catching up after years of short tracks.
  Frames skip_cycles(Frames frames);

  const State& state() const { return state_; }

 private:
  std::uint64_t key(TrackId id) const;
  void sort_cycle();  // puts this cycle's tracks in order and finds the place after `last`
  void begin_cycle(std::uint64_t cycle, std::optional<TrackId> previous);

  Order order_;
  State state_;
  std::vector<RotationTrack> tracks_;  // in path order
  std::vector<RotationTrack> cycle_;   // this cycle's order
  std::size_t next_ = 0;               // index into cycle_
};

// Where a track stands in a shuffled cycle: tracks come in the order of (key, id).
std::uint64_t shuffle_key(const Rotation::State& state, TrackId id);

}  // namespace tutti
