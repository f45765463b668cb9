// When the frames of an audio device are heard: a line through what the device says, which is late, coarse or
// now and then wrong. Pure, and real time: takes no memory.
#pragma once

#include "domain/audio_time.h"
#include "player/clock_line.h"

namespace tutti::player {

// A Kalman filter of offset and rate whose idea of the device's noise is learnt from it. What does not fit is
// passed over; where it persists, the device has stopped or skipped in between, and the line begins anew
// there.
class DeviceClock {
 public:
  // `rate`: Hz, as the device was opened.
  explicit DeviceClock(int rate);

  enum class Verdict { kept, passed_over, stepped };
  // The device says that `frame`, counted from its beginning and above the one before, is heard at `at`.
  Verdict add(Frames frame, Micros at);
  // The device has told of a gap: the next observations are believed.
  void expect_step();

  // Some tenths of a second have been observed.
  bool is_ready() const { return observed_ >= 8; }
  // When `frame` is heard. Near the last observation.
  Micros at(Frames frame) const;
  // Between two frames.
  Micros frame_duration() const { return nominal_ * (1 + drift_); }
  // How the device's own clock runs: its frames last longer by this share.
  double drift() const { return drift_; }
  // Of a single observation, a standard deviation.
  Micros noise() const;

 private:
  Verdict doubt(Frames frame, Micros residual);
  void correct(double residual);
  void watch(double residual);
  void begin_at(Frames frame, Micros at);

  Micros nominal_;
  int observed_ = 0;
  Frames frame_ = 0;  // the last observed,
  Micros at_{0};      // heard then
  double drift_ = 0;
  // Covariance of (at_ in µs, drift_).
  double p00_ = 0, p01_ = 0, p11_ = 0;
  double noise_ = 0;  // variance of an observation, µs²
  double last_residual_ = 0, bias_ = 0;
  int doubts_ = 0;
  double doubted_ = 0;  // the mean of their residuals, µs
};

}  // namespace tutti::player
