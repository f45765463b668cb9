// The timeline of a group of players that has one to itself: tracks in an order, the one that plays and where
// it is, and what a remote control does to that. What is heard at a time is arithmetic.
//
// Frames are counted at one rate on a clock of which frame 0 is the moment at which the current track began,
// or would have begun; while the tracks follow each other by themselves it stays the same one. Source of the
// commands: Sendspin v1, "Command behaviour".
#pragma once

#include "domain/programme.h"
#include "domain/rotation.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace tutti {

class PrivateTimeline {
 public:
  enum class Repeat : std::uint8_t { off, one, all };
  // In their own order, each id once, lengths at the timeline's rate and more than 0. Shared by those who
  // have the same; nullptr: none.
  using Tracks = std::shared_ptr<const std::vector<RotationTrack>>;

  // What begins sooner could not be with the players in time.
  static constexpr Duration kNotice{500'000};
  // `previous` later in a track than this goes to its beginning.
  static constexpr Duration kAnew{3'000'000};

  struct Shuffle {
    std::uint64_t seed = 0;
    std::optional<TrackId> first;  // what played when it was shuffled
    friend bool operator==(const Shuffle&, const Shuffle&) = default;
  };
  // All that must be stored to continue.
  struct State {
    std::optional<TrackId> track;  // none: the first that there is
    Frames position = 0;           // in it
    bool is_playing = false;
    Repeat repeat = Repeat::off;
    std::optional<Shuffle> shuffle;
    friend bool operator==(const State&, const State&) = default;
  };
  struct Place {
    TrackId track;
    Frames position = 0, length = 0;
    friend bool operator==(const Place&, const Place&) = default;
  };

  // Stands still, whatever `state` says.
  PrivateTimeline(int rate, State state);

  // What does not play any more, or cannot, is passed over: what followed it plays from `now + kNotice` on.
  // A first call finds the track of the state; where that is not among them, it begins with the first.
  void set_tracks(Tracks tracks, ServerTime now);
  bool has_tracks() const { return size() > 0; }
  bool has(TrackId track) const { return index_of(track).has_value(); }
  void pass_over(TrackId track, ServerTime now);

  // Brings it up to `now`. Before each of the commands.
  void advance(ServerTime now);

  // --- commands. What they make heard begins kNotice later. False: there is nothing to play.
  bool play(ServerTime now);
  // The same, but it has been playing since `at`.
  bool play_since(ServerTime at);
  void pause(ServerTime now);
  void stop(ServerTime now);  // and back to the track's beginning
  // Behind the last track it stands still at the first, unless all are repeated.
  void next(ServerTime now);
  void previous(ServerTime now);
  void seek(Frames position, ServerTime now);
  bool choose(TrackId track, ServerTime now);  // false: it is none of them
  void set_repeat(Repeat repeat) { repeat_ = repeat; }
  // What plays goes on, the others follow in an order drawn from `seed`.
  void shuffle(std::uint64_t seed);
  void unshuffle();

  // --- what is so at the time of advance()
  bool is_playing() const { return is_playing_; }
  Repeat repeat() const { return repeat_; }
  bool is_shuffled() const { return shuffle_.has_value(); }
  // Grows whenever what was to be heard on clock() is not heard on it any more.
  std::uint64_t turn() const { return turn_; }
  FrameClock clock() const { return clock_; }  // while it plays
  // nullopt: there are no tracks.
  std::optional<Place> place(ServerTime now) const;
  State state(ServerTime now) const;
  // While it plays: since when its track is heard without a jump. Not before kNotice from a command.
  ServerTime heard_since() const { return clock_.time_of(std::max(from_, begins_)); }
  // While it plays: when the frame that is heard at `t` began.
  ServerTime frame_start(ServerTime t) const { return clock_.time_of(clock_.frame_at(t)); }
  std::optional<TrackId> first() const { return size() > 0 ? std::optional(at(0).id) : std::nullopt; }
  // While it plays: what is heard from frame `from` to `until`, consecutive.
  std::vector<ProgrammeEntry> entries(Frames from, Frames until) const;

 private:
  std::size_t size() const;
  const RotationTrack& at(std::size_t index) const;  // in the order of playing
  std::optional<std::size_t> index_of(TrackId track) const;
  std::optional<std::size_t> following(std::size_t index) const;
  Frames position_at(ServerTime now) const;
  void order_anew();  // keeps the track
  void go_to(std::size_t index, Frames position, ServerTime now);
  void begin(Frames position, ServerTime at);
  void rest(std::size_t index, Frames position);

  int rate_;
  Tracks tracks_;
  std::vector<std::uint32_t> order_;  // of tracks_; empty: as they are
  std::set<TrackId> unplayable_;
  std::size_t index_ = 0;  // in the order of playing
  std::optional<TrackId> track_;
  Repeat repeat_;
  std::optional<Shuffle> shuffle_;

  bool is_playing_ = false;
  Frames position_ = 0;  // while it stands still
  // While it plays.
  FrameClock clock_;
  Frames begins_ = 0;  // the track, on clock_
  Frames from_ = 0;    // nothing was heard before
  std::uint64_t turn_ = 0;
};

}  // namespace tutti
