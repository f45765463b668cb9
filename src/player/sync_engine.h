// Plays samples at their times: knows of every frame that goes out when it is heard, on the server's clock,
// and stretches the sound by what the eye of a needle would not show until that is when it should be. Pure:
// time comes as an argument, so that tests run it against devices of their making.
//
// render() is real time (no lock, no memory, no log, no call of the system) and belongs to the audio thread;
// who may call the rest stands beside it.
#pragma once

#include "base/latest.h"
#include "player/device_clock.h"
#include "player/interpolator.h"
#include "player/timed_samples.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

namespace tutti::player {

struct SyncStatus {
  bool is_playing = false;   // sound goes out
  Micros heard{0};           // server time of what is heard at the end of what was rendered last
  Micros began{0};           // when frame 0 of the device was heard, on this machine's clock
  Micros error{0};           // how much too early the sound is; 0 while silent
  double correction = 0;     // of the speed; above 0: slower
  double device_drift = 0;   // the device's frames last longer by this share
  Micros device_noise{0};    // of what the device says of its time
  Duration ahead{0};         // sound that is there to be played
  std::int64_t starts = 0;   // from silence to sound,
  std::int64_t starved = 0;  // from sound to silence, as there was no more,
  std::int64_t jumps = 0;    // and to another place, as the sound was far off
};

class SyncEngine {
 public:
  // `latency`: what passes between the device's output and the ear, beside what the device knows.
  // `samples` are read here only, and outlive this.
  SyncEngine(TimedSamples& samples, Micros latency);

  int rate() const { return rate_; }
  std::size_t channels() const { return channels_; }

  // One thread, any: the clock as it is known now.
  void set_clock(const ClockLine& clock) { clock_.publish(clock); }
  // Any thread: 0 to 1, reached without a click.
  void set_volume(float amplitude) { volume_.store(amplitude, std::memory_order_relaxed); }

  // The audio thread: the next frames of the device. `heard`: when the first of them is, as the device
  // says, on this machine's clock. `after_gap`: the device says that its sound has had a gap before them.
  void render(std::span<float> out, Micros heard, bool after_gap);

  // One thread, any.
  const SyncStatus& status() { return status_.read(); }

 private:
  enum class State : std::uint8_t { silent, playing, fading };

  // Each makes at most the first `count` frames of `out` and returns how many. `at`: when the first is heard,
  // on the server's clock.
  std::size_t be_silent(std::span<float> out, Micros at);
  std::size_t play(std::span<float> out, Micros at);

  void start(double position);
  // Whether the sound is where it should be, or what is done about it. False: it has to begin anew.
  bool steer(Micros at, std::size_t frames);
  // Whether the clock the sound began by doubted itself by the `off` µs that are seen now.
  bool knows_better(double off) const;
  void enter_next_run();
  void make(std::span<float> out, std::size_t frames);
  void report();

  // Of the run that `position_` is in; nullptr: it is gone.
  const Run* run() const;
  Micros time_of(const Run& run, double position) const;
  // The frame before which the sound that belongs to `position_` ends.
  Frames limit() const;
  Micros frame_on_server() const;

  TimedSamples& samples_;
  const Micros latency_;
  const int rate_;
  const std::size_t channels_;
  const Interpolator interpolator_;
  DeviceClock device_;

  Latest<ClockLine> clock_;
  std::atomic<float> volume_{1};
  Latest<SyncStatus> status_;

  // Of the audio thread.
  ClockLine line_;
  Frames rendered_ = 0;  // to the device
  State state_ = State::silent;
  bool is_broken_ = false;  // the device's sound was: what is off is made good at once
  double position_ = 0;     // in frames of the samples, of the next one to be made
  double speed_ = 1;        // frames of samples for each of the device
  double correction_ = 0;
  Frames begun_ = 0;      // as rendered_ was when it began to play,
  Micros begun_with_{0};  // and the clock's uncertainty
  float level_ = 0;       // of fades, 0 to 1
  float amplitude_ = 1;
  Frames fade_limit_ = 0;
  SyncStatus report_;
};

}  // namespace tutti::player
