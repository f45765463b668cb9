#include "player/null_output.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace tutti::player {

namespace {

constexpr auto kPeriod = std::chrono::milliseconds(10);

}  // namespace

Result<void> NullOutput::open(const PcmFormat& format) {
  stop();
  playout_.emplace(format, prebuffer_);
  thread_ = std::jthread([this, format](const std::stop_token& stopping) { run(stopping, format); });
  return {};
}

// Counts from when it began, so that no rounding and no late waking adds up.
void NullOutput::run(const std::stop_token& stopping, const PcmFormat& format) {
  std::vector<std::uint8_t> out(static_cast<std::size_t>(format.rate) * frame_bytes(format));
  const auto begin = std::chrono::steady_clock::now();
  Frames done = 0;
  for (auto due = begin; !stopping.stop_requested(); due += kPeriod) {
    std::this_thread::sleep_until(due);
    const auto passed = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begin);
    for (Frames left = frames_in(passed, format.rate) - done; left > 0;) {
      const Frames now = std::min<Frames>(left, format.rate);
      playout_->render(std::span(out).first(static_cast<std::size_t>(now) * frame_bytes(format)));
      done += now;
      left -= now;
    }
  }
}

Result<void> NullOutput::close() {
  stop();
  return {};
}

void NullOutput::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace tutti::player
