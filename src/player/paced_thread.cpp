#include "player/paced_thread.h"

#include "base/time.h"

#include <algorithm>
#include <utility>

namespace tutti::player {

namespace {

constexpr auto kPeriod = std::chrono::milliseconds(10);

}  // namespace

void PacedThread::start(int rate, double drift, Work work) {
  stop();
  begun_ = std::chrono::steady_clock::now();
  thread_ = std::jthread([this, rate, drift, work = std::move(work)](const std::stop_token& stopping) {
    run(stopping, rate, drift, work);
  });
}

// Counts from when it began, so that no rounding and no late waking adds up.
void PacedThread::run(const std::stop_token& stopping, int rate, double drift, const Work& work) const {
  Frames done = 0;
  for (auto due = begun_; !stopping.stop_requested(); due += kPeriod) {
    std::this_thread::sleep_until(due);
    const std::chrono::duration<double, std::micro> passed = std::chrono::steady_clock::now() - begun_;
    const Duration heard(static_cast<Duration::rep>(passed.count() / (1 + drift)));
    for (Frames left = frames_in(heard, rate) - done; left > 0;) {
      const Frames now = std::min<Frames>(left, rate);
      work(done, now);
      done += now;
      left -= now;
    }
  }
}

void PacedThread::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace tutti::player
