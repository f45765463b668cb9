#include "player/timed_samples.h"

#include <algorithm>
#include <cmath>

namespace tutti::player {
namespace {

// Times come in whole microseconds, and some servers add up rounded ones: what is off by less goes on without
// a word.
constexpr double kRounding = 30;  // µs

std::size_t frames_of(Duration capacity, int rate) {
  return static_cast<std::size_t>(std::max<Frames>(1, frames_in(capacity, rate)));
}

}  // namespace

TimedSamples::TimedSamples(int rate, int channels, Duration capacity)
    : rate_(rate),
      channels_(static_cast<std::size_t>(channels)),
      ring_(frames_of(capacity, rate) * channels_),
      marks_(4 * kMostRuns),
      window_(2 * kWindow * channels_) {}

bool TimedSamples::write(ServerTime at, std::span<const float> samples) {
  // One place for a mark stays free, for a clear().
  if (ring_.capacity() - ring_.size() < samples.size() || marks_.capacity() - marks_.size() < 2) return false;
  const Micros begin(static_cast<double>(at.since_start.count()));
  const Micros expected = last_.at + Micros(1e6 / rate_ * static_cast<double>(written_ - last_.first));
  if (!is_running_ || std::abs((begin - expected).count()) > kRounding) {
    // Before the samples, so that nobody sees these without it.
    const Mark mark{Mark::Kind::run, {written_, begin}};
    marks_.write({&mark, 1});
    last_ = mark.run;
    is_running_ = true;
  }
  ring_.write(samples);
  written_ += static_cast<Frames>(samples.size() / channels_);
  return true;
}

void TimedSamples::clear() {
  if (!is_running_) return;
  const Mark mark{Mark::Kind::clear, {written_, Micros(0)}};
  marks_.write({&mark, 1});
  is_running_ = false;
}

bool TimedSamples::refresh() {
  // The samples first: their marks were written before them.
  const auto there = static_cast<Frames>(ring_.size() / channels_);
  end_ = window_first_ + static_cast<Frames>(window_count_) + there;
  was_cleared_ = false;
  Mark mark;
  while (marks_.read({&mark, 1}) == 1) take(mark);
  return was_cleared_;
}

void TimedSamples::take(const Mark& mark) {
  if (mark.kind == Mark::Kind::clear) {
    run_count_ = 0;
    was_cleared_ = true;
    return;
  }
  while (run_count_ > 0 && runs_[run_count_ - 1].at >= mark.run.at) --run_count_;
  if (run_count_ == kMostRuns) forget_first_run();
  runs_[run_count_++] = mark.run;
}

void TimedSamples::forget_first_run() {
  std::copy(runs_.begin() + 1, runs_.begin() + static_cast<std::ptrdiff_t>(run_count_), runs_.begin());
  --run_count_;
}

const float* TimedSamples::window(Frames first, std::size_t count) {
  forget_before(first);
  if (first < window_first_) {
    const auto missing = std::min(static_cast<std::size_t>(window_first_ - first), kWindow);
    std::copy_backward(window_.data(), window_.data() + window_count_ * channels_,
                       window_.data() + (window_count_ + missing) * channels_);
    std::fill_n(window_.data(), missing * channels_, 0.0F);
    window_first_ -= static_cast<Frames>(missing);
    window_count_ += missing;
  }
  if (window_count_ < count) pull(count - window_count_);
  return window_.data();
}

void TimedSamples::pull(std::size_t count) {
  const auto place = std::span(window_).subspan(window_count_ * channels_, count * channels_);
  std::ranges::fill(place.subspan(ring_.read(place)), 0.0F);
  window_count_ += count;
}

void TimedSamples::forget_before(Frames frame) {
  while (run_count_ > 1 && runs_[1].first <= frame) forget_first_run();
  if (frame <= window_first_) return;
  const auto gone = std::min(static_cast<std::size_t>(frame - window_first_), window_count_);
  std::copy(window_.data() + gone * channels_, window_.data() + window_count_ * channels_, window_.data());
  window_count_ -= gone;
  window_first_ += static_cast<Frames>(gone);
  if (window_count_ > 0) return;
  const auto more = static_cast<std::size_t>(frame - window_first_) * channels_;
  window_first_ += static_cast<Frames>(ring_.drop(more) / channels_);
}

void TimedSamples::splice(Frames from, Frames to) {
  const Frames seen = window_first_ + static_cast<Frames>(window_count_);
  if (from > seen) pull(std::min(static_cast<std::size_t>(from - seen), kWindow));
  const auto kept = static_cast<std::size_t>(
      std::clamp<Frames>(from - window_first_, 0, static_cast<Frames>(window_count_)));
  const Frames next = window_first_ + static_cast<Frames>(window_count_);  // the ring's first
  if (to >= next) {
    ring_.drop(static_cast<std::size_t>(to - next) * channels_);
    window_count_ = kept;
  } else {
    const auto gone = static_cast<std::size_t>(to - window_first_);
    std::copy(window_.data() + gone * channels_, window_.data() + window_count_ * channels_,
              window_.data() + kept * channels_);
    window_count_ -= gone - kept;
  }
  window_first_ = to - static_cast<Frames>(kept);

  const auto run = std::ranges::find(runs(), to, &Run::first);
  const auto before = static_cast<std::size_t>(run - runs().begin());
  run_count_ -= before;
  std::copy_n(runs_.begin() + static_cast<std::ptrdiff_t>(before), run_count_, runs_.begin());
  runs_[0].first = window_first_;
  runs_[0].at -= Micros(1e6 / rate_ * static_cast<double>(kept));
}

}  // namespace tutti::player
