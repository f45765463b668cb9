// Samples that say when they are to be heard, on their way from the thread that decodes them to the audio
// thread. Neither side waits; nothing takes memory after the constructor.
#pragma once

#include "base/spsc_ring.h"
#include "base/time.h"
#include "domain/audio_time.h"
#include "player/clock_line.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tutti::player {

// Frames are numbered as they are written. From `first` on they are heard one after the other, the first at
// `at` on the server's clock.
struct Run {
  Frames first = 0;
  Micros at{0};
};

class TimedSamples {
 public:
  // Room for `capacity` of sound.
  TimedSamples(int rate, int channels, Duration capacity);

  int rate() const { return rate_; }
  std::size_t channels() const { return channels_; }

  // --- the writing thread

  // `samples`: whole frames, the first of them heard at `at`. Where this lies before the end of what is
  // there, it takes the place of all from `at` on. False: there is no room, nothing was taken.
  bool write(ServerTime at, std::span<const float> samples);
  // What is there is not to be heard.
  void clear();

  // --- the audio thread

  // Sees what was written since. True: all from before was cleared.
  bool refresh();
  // The first frame that is still there.
  Frames begin() const { return window_first_; }
  // The frame after the last that refresh() saw.
  Frames end() const { return end_; }
  // In order of frames and of times. Where the next begins, the one before ends, be there more frames of it.
  std::span<const Run> runs() const { return std::span(runs_).first(run_count_); }
  // `count` frames, interleaved, from `first` on, which must not be above end(); what is not there any more
  // is silence. Frames before `first` are let go of. At most kWindow at once.
  const float* window(Frames first, std::size_t count);
  // Frames before `frame` will not be asked for.
  void forget_before(Frames frame);
  // `to` is the first of a run; it follows on what comes before `from`, and the frames between are gone.
  // Those before have new numbers then, and belong to its run.
  void splice(Frames from, Frames to);

  static constexpr std::size_t kWindow = 1024;

 private:
  struct Mark {
    enum class Kind : std::uint8_t { run, clear };
    Kind kind = Kind::run;
    Run run;
  };
  static constexpr std::size_t kMostRuns = 128;

  void take(const Mark& mark);
  void forget_first_run();
  void pull(std::size_t count);

  const int rate_;
  const std::size_t channels_;
  SpscRing<float> ring_;
  SpscRing<Mark> marks_;

  // Of the writing thread.
  Frames written_ = 0;
  bool is_running_ = false;
  Run last_;

  // Of the audio thread.
  Frames end_ = 0;
  std::array<Run, kMostRuns> runs_{};
  std::size_t run_count_ = 0;
  bool was_cleared_ = false;
  std::vector<float> window_;
  Frames window_first_ = 0;
  std::size_t window_count_ = 0;  // frames; the ring goes on after them
};

}  // namespace tutti::player
