// A simulated player: it starts a prebuffer after its first byte and then consumes at the real bitrate.
//
// It is asked only when its socket has just been emptied, so `received` is all that has arrived by `now`,
// however late that reading is: an underrun that is counted did happen. One that began and ended between two
// readings is missed.
#pragma once

#include "loadgen/options.h"

#include <algorithm>
#include <limits>

namespace loadgen {

class Playback {
 public:
  void start(TimePoint first_byte, const Options& options) {
    rate_ = options.bytes_per_second;
    prebuffer_ = options.prebuffer;
    plays_from_ = first_byte + std::chrono::duration_cast<Clock::duration>(prebuffer_);
  }

  /// `received`: bytes of audio since the start.
  void check(TimePoint now, double received) {
    if (now < plays_from_) return;
    const double consumed = played_ + Seconds(now - plays_from_).count() * rate_;
    least_margin_ = std::min(least_margin_, Seconds((received - consumed) / rate_));
    if (received >= consumed) return;
    ++underruns_;
    played_ = received;  // it stops, and begins again after another prebuffer
    plays_from_ = now + std::chrono::duration_cast<Clock::duration>(prebuffer_);
  }

  int underruns() const { return underruns_; }
  /// The least audio that was left when the socket was emptied.
  Seconds least_margin() const { return least_margin_; }

 private:
  double rate_ = 0;
  Seconds prebuffer_{0};
  TimePoint plays_from_;
  double played_ = 0;
  int underruns_ = 0;
  Seconds least_margin_{std::numeric_limits<double>::infinity()};
};

}  // namespace loadgen
