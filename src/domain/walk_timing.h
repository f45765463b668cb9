// When what of a walk is heard. Pure arithmetic over the values of walk.h.
#pragma once

#include "domain/walk.h"

#include <optional>
#include <vector>

namespace tutti {

// Where in its asset a cue is heard at `t`; nullopt: not yet begun, over, or silent after its stop. A loop
// goes round between a and b.
std::optional<Duration> position_at(const LiveCue& cue, ServerTime t);

// When it has become silent by itself; nullopt: it loops and nobody has stopped it.
std::optional<ServerTime> end_of(const LiveCue& cue);

// What its volume is to be multiplied with at `t`: 1, falling to 0 from its stop on.
double gain_at(const LiveCue& cue, ServerTime t);

// What is heard at `t`, and what comes after it as far as is known: in the order of their starts, each until
// the next one's. An armed sheet is resolved to cues (loops as played once); before its start the live cue
// goes on.
std::vector<LiveCue> cues_from(const Walk& walk, ServerTime t);

// What is heard at `t`, with where it is.
struct Heard {
  LiveCue cue;
  Duration position{0};  // in its asset

  friend bool operator==(const Heard&, const Heard&) = default;
};
std::optional<Heard> heard_at(const Walk& walk, ServerTime t);

// --- what conductors do; `now`: when it was done

// As it is to be kept at `now`: a next one that has begun is the one of now; what is over is gone; an armed
// sheet that has been played is none.
void settle(Walk& walk, ServerTime now);

// Whether what is heard can be replaced for all at one moment: no cue is about to begin so soon (`reach`: how
// long it takes until everybody knows) that some would have begun it before they hear of another.
bool can_go(const Walk& walk, Duration reach, ServerTime now);

// `cue` (its id and start filled in) takes the place of what is heard, at its start. An armed sheet goes no
// further than that.
void go(Walk& walk, LiveCue cue, ServerTime now);

// Nothing is armed any more; what is heard of it goes on to its end.
void disarm(Walk& walk, ServerTime now);

// Everything is silent from `stop.at + stop.fade` on. A cue that has not begun, and whose start is at least
// `reach` away, is taken back.
void stop(Walk& walk, WalkStop stop, Duration reach, ServerTime now);

// All its times, counted from another moment: `by` is what is added to them.
Walk shifted(Walk walk, Duration by);

}  // namespace tutti
