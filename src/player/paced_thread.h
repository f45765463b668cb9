// A device that is made of a clock: asks for frames at the pace at which they would be heard.
#pragma once

#include "domain/audio_time.h"

#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

namespace tutti::player {

class PacedThread {
 public:
  // `first`: the number of the frame; `count`: at most a second of them.
  using Work = std::function<void(Frames first, Frames count)>;

  ~PacedThread() { stop(); }

  // Begins to call `work` from a thread of its own. `drift`: by which share its second is longer than the
  // machine's.
  void start(int rate, double drift, Work work);
  void stop();
  // When frame 0 was due.
  std::chrono::steady_clock::time_point begun() const { return begun_; }

 private:
  void run(const std::stop_token& stopping, int rate, double drift, const Work& work) const;

  std::chrono::steady_clock::time_point begun_;
  std::jthread thread_;
};

}  // namespace tutti::player
