// What time it is on another machine, from exchanges of four timestamps over a network that delays each
// direction as it likes.
//
// A delay is never negative. So, plotted against time, what the way there says of the offset lies above the
// truth, what the way back says lies below, and the truth runs through the gap between the two clouds. The
// filter lays the widest straight strip into that gap; the offset is its middle, the drift its slope. Queues
// only thin out a cloud's edge; they do not move it, even where they hit one direction alone. Where
// there is no edge, as only timestamps are off, a mean is taken (clock_average.h). Why it is done this way:
// docs/decisions/011-clock-filter.md. web/src/clock/clock_filter.ts is the same in TypeScript, and
// tests/vectors/clock.txt holds the two together.
#pragma once

#include "base/time.h"
#include "domain/clock_strip.h"

namespace tutti {

// One question and its answer. The client's times are taken as it writes and reads, the server's as it reads
// and writes.
struct Exchange {
  ClientTime sent;
  ServerTime received;
  ServerTime answered;
  ClientTime arrived;
};

// Not for several threads at once. Takes no memory beyond itself, about 32 KiB; an exchange costs about 30
// µs.
class ClockFilter {
 public:
  // Takes an exchange, in the order in which the answers arrive. False, and nothing changes, where it cannot
  // be true: arrived before it was sent or before the last one, answered before it was received or more
  // slowly than the whole exchange took, a time beyond 2^53 µs.
  bool add(const Exchange& exchange);

  // True from the fourth exchange on; a clock that jumps does not end it. Before the first exchange,
  // conversions change nothing.
  bool ready() const { return taken_ >= 4; }

  // Past or future, along the line that fits now; rounded to the nearest microsecond.
  ServerTime to_server(ClientTime t) const;
  ClientTime to_client(ServerTime t) const;

  // How much faster the server's clock runs: 1e-6 is a microsecond per second.
  double drift() const { return strip_.drift; }

  // The estimate at `now` is off by less than this 19 times out of 20; infinite before the first exchange
  // (Duration::max()). What no exchange can show is not in it: a path that is always longer in one direction
  // shifts the offset by half of the difference, as does a queue that is never seen empty; only in the first
  // seconds is such a queue counted in.
  Duration uncertainty(ClientTime now) const;

  // How soon after the last question the next one is worth while. Quickly at first and after a clock has
  // jumped: for a second, and half as quickly up to the fifth while it is doubted; then four times a second
  // for as long as the network is rough, and up to half a minute while it is doubted; then once a second.
  Duration interval() const;

  // How often a clock was found to have jumped: it was set, or its machine slept.
  int jumps() const { return jumps_; }

 private:
  enum class Verdict { fits, strangely_low, strangely_high, impossible };

  Verdict judge(const ClockPoint& point) const;
  void start_anew();
  void fit();

  ClientTime origin_;        // the points' times are relative to this,
  Duration offset_base_{0};  // their offsets to this
  ClockPoints points_;
  StripFitter fitter_;
  ClockStrip strip_;
  DriftGuess guess_;
  ClockPoint strange_;  // waits for the next exchange to say whether a clock has jumped; unless it fits
  Verdict strangeness_ = Verdict::fits;
  double first_arrival_ = 0, last_arrival_ = 0;
  double shortest_ = 0;  // half of the shortest round trip since first_arrival_, which a jump makes anew
  std::size_t taken_ = 0, since_jump_ = 0;
  int jumps_ = 0;
};

}  // namespace tutti
