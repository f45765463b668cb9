#include "player/sync_engine.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace tutti::player {
namespace {

constexpr std::size_t kAtOnce = 256;  // frames made in one go
constexpr double kFade = 0.005;       // seconds
constexpr double kEnough = 0.02;      // seconds of sound that it is worth to begin for
constexpr Micros kHardlyOff{1'000};   // up to here the correction stays below what anybody hears,
constexpr Micros kFarOff{30'000};     // and beyond here there is no waiting for it
// Begun by a clock that was hardly known, the sound may step once when the clock is, if it began no longer
// ago than this (s), would take seconds to get there otherwise, and what is off is many times what the clock
// doubts now.
constexpr double kNew = 10;
constexpr Micros kWorthAStep{3'000};
constexpr double kSureEnough = 4;
constexpr Micros kSame{1'000};                        // two runs that meet this closely are one sound
constexpr double kSteadyMost = 0.001, kMost = 0.004;  // of the speed
constexpr double kMostServerDrift = 0.002;            // of the server's clock against ours
constexpr double kErrorTime = 1.5;                    // seconds in which most of an error is gone
constexpr double kSmoothTime = 0.1;                   // seconds in which a correction sets in
constexpr double kBrokenOff = 100;                    // µs
constexpr auto kBefore = static_cast<Frames>(Interpolator::kBefore);
constexpr auto kAfter = static_cast<Frames>(Interpolator::kAfter);

Frames whole(double position) { return static_cast<Frames>(std::floor(position)); }

}  // namespace

SyncEngine::SyncEngine(TimedSamples& samples, Micros latency)
    : samples_(samples),
      latency_(latency),
      rate_(samples.rate()),
      channels_(samples.channels()),
      device_(samples.rate()) {}

void SyncEngine::render(std::span<float> out, Micros heard, bool after_gap) {
  const std::size_t frames = out.size() / channels_;
  if (after_gap) device_.expect_step();
  if (rendered_ == 0) report_.began = heard;
  const auto verdict = device_.add(rendered_, heard);
  is_broken_ = is_broken_ || after_gap || verdict == DeviceClock::Verdict::stepped;
  line_ = clock_.read();
  // No clock runs like this; a server may claim it.
  line_.drift = std::clamp(line_.drift, -kMostServerDrift, kMostServerDrift);
  if (samples_.refresh() && state_ == State::playing) {
    state_ = State::fading;
    fade_limit_ = samples_.end();
  }
  for (std::size_t done = 0; done < frames;) {
    const auto rest = out.subspan(done * channels_);
    const Micros at = line_.to_server(device_.at(rendered_ + static_cast<Frames>(done)) + latency_);
    done += state_ == State::silent ? be_silent(rest, at) : play(rest, at);
  }
  rendered_ += static_cast<Frames>(frames);
  report();
}

std::size_t SyncEngine::be_silent(std::span<float> out, Micros at) {
  const std::size_t frames = out.size() / channels_;
  const auto runs = samples_.runs();
  Frames unneeded = runs.empty() ? samples_.end() : runs.front().first - kBefore;
  std::optional<double> until;  // frames that pass before there may be something to play
  if (line_.is_known && device_.is_ready()) {
    const auto after = std::ranges::upper_bound(runs, at, {}, &Run::at);
    if (after != runs.end()) until = (after->at - at) / frame_on_server();
    if (after != runs.begin()) {
      const Run& now = *std::prev(after);
      const double position = static_cast<double>(now.first) + (at - now.at) / Micros(1e6) * rate_;
      const Frames end = after == runs.end() ? samples_.end() : after->first;
      const double begin = std::max(position, static_cast<double>(samples_.begin()));
      const bool is_enough = begin + kEnough * rate_ + static_cast<double>(kAfter) < static_cast<double>(end);
      if (is_enough && begin - position < 1) {
        start(position);
        return 0;
      }
      if (is_enough) until = begin - position;  // what lies before was let go of
      unneeded = std::max(unneeded, std::min(whole(position), end) - kBefore);
    }
  }
  samples_.forget_before(unneeded);
  const double wait = std::clamp(std::ceil(until.value_or(1e9)), 1.0, static_cast<double>(frames));
  const auto count = static_cast<std::size_t>(wait);
  std::ranges::fill(out.first(count * channels_), 0.0F);
  return count;
}

// Begins at a whole frame: where the clocks agree, the samples pass as they are.
void SyncEngine::start(double position) {
  state_ = State::playing;
  position_ = std::round(position);
  correction_ = 0;
  speed_ = frame_on_server() / Micros(1e6) * rate_;
  level_ = 0;
  is_broken_ = false;
  begun_ = rendered_;
  begun_with_ = line_.uncertainty;
  ++report_.starts;
}

std::size_t SyncEngine::play(std::span<float> out, Micros at) {
  const std::size_t frames = std::min(out.size() / channels_, kAtOnce);
  if (state_ == State::playing && !steer(at, frames)) return 0;
  // Sound whose end is near, or that is to end, fades: it never breaks off.
  const double left = static_cast<double>(limit() - kAfter) - position_;
  const double fade = kFade * rate_ * level_;
  const double piece = static_cast<double>(frames) * speed_;
  if (state_ == State::playing && left - piece < kFade * rate_) {
    // The frames that can be made until only the fade is left.
    const double full = (left - fade) / speed_;
    if (full >= 1) {
      const auto count = std::min(frames, static_cast<std::size_t>(full));
      make(out, count);
      return count;
    }
    state_ = State::fading;
    fade_limit_ = limit();
    ++report_.starved;
  }
  if (state_ == State::fading && (level_ <= 0 || left < speed_)) {
    state_ = State::silent;
    level_ = 0;
    return 0;
  }
  const std::size_t count =
      state_ == State::fading ? std::min(frames, static_cast<std::size_t>(left / speed_)) : frames;
  make(out, count);
  return count;
}

bool SyncEngine::steer(Micros at, std::size_t frames) {
  enter_next_run();
  const Run* now = run();
  const Micros error = now ? time_of(*now, position_) - at : kFarOff * 2;
  const double off = std::abs(error.count());
  // More than was doubted: so it is something else that is off, and stays so while it gets less.
  if (off > begun_with_.count()) begun_with_ = Micros(0);
  // Where the sound had a break already, another one costs nothing.
  const bool is_broken = std::exchange(is_broken_, false) && off > kBrokenOff;
  if (is_broken || off > kFarOff.count() || knows_better(off)) {
    ++report_.jumps;
    state_ = is_broken ? State::silent : State::fading;
    fade_limit_ = samples_.end();
    return false;
  }
  report_.error = error;
  const double most = off > kHardlyOff.count() ? kMost : kSteadyMost;
  const double wanted = std::clamp(error / Micros(1e6) / kErrorTime, -most, most);
  correction_ += (wanted - correction_) * (1 - std::exp(-static_cast<double>(frames) / rate_ / kSmoothTime));
  return true;
}

bool SyncEngine::knows_better(double off) const {
  const bool is_new = static_cast<double>(rendered_ - begun_) < kNew * rate_;
  return is_new && off > kWorthAStep.count() && off <= begun_with_.count() &&
         off > kSureEnough * line_.uncertainty.count();
}

// Where the run ends that the sound is in, and the next one goes on from there, so does the sound.
void SyncEngine::enter_next_run() {
  const auto runs = samples_.runs();
  const Run* now = run();
  if (!now || now == &runs.back()) return;
  const Run next = *(now + 1);
  const double cut = static_cast<double>(now->first) + (next.at - now->at) / Micros(1e6) * rate_;
  const double overlap = static_cast<double>(next.first) - cut;  // frames that are there twice
  // The interpolator looks ahead, so the change is made before it sees the other side.
  if (overlap < kSame.count() * 1e-6 * rate_ || position_ + static_cast<double>(kAfter) < cut) return;
  const auto from = static_cast<Frames>(std::round(cut));
  samples_.splice(from, next.first);
  position_ += static_cast<double>(next.first - from);
}

void SyncEngine::make(std::span<float> out, std::size_t frames) {
  const double speed = frame_on_server() / Micros(1e6) * rate_ * (1 - correction_);
  const double change = (speed - speed_) / static_cast<double>(frames);
  const float step = (state_ == State::fading ? -1.0F : 1.0F) / static_cast<float>(kFade * rate_);
  const float wanted = volume_.load(std::memory_order_relaxed);
  const float volume_step = static_cast<float>(1 / (2 * kFade * rate_));
  const Frames first = whole(position_) - kBefore;
  const double length = static_cast<double>(frames) * std::max(speed, speed_);
  const auto last = std::min(whole(position_ + length) + kAfter + 1, samples_.end());
  const float* window = samples_.window(first, static_cast<std::size_t>(last - first));
  for (std::size_t i = 0; i < frames; ++i) {
    const auto frame = out.subspan(i * channels_, channels_);
    const Frames base = whole(position_);
    interpolator_.at(position_ - static_cast<double>(base),
                     window + static_cast<std::size_t>(base - kBefore - first) * channels_, frame);
    level_ = std::clamp(level_ + step, 0.0F, 1.0F);
    amplitude_ += std::clamp(wanted - amplitude_, -volume_step, volume_step);
    for (float& sample : frame) {
      const float loud = sample * level_ * amplitude_;
      sample = loud >= -1 && loud <= 1 ? loud : loud > 0 ? 1.0F : loud < 0 ? -1.0F : 0.0F;  // NaN too
    }
    speed_ += change;
    position_ += speed_;
  }
}

void SyncEngine::report() {
  const Run* now = run();
  report_.is_playing = state_ == State::playing;
  report_.heard = line_.to_server(device_.at(rendered_) + latency_);
  if (!report_.is_playing) report_.error = Micros(0);
  report_.correction = report_.is_playing ? correction_ : 0;
  report_.device_drift = device_.drift();
  report_.device_noise = device_.noise();
  report_.ahead = Duration(0);
  if (!samples_.runs().empty()) {
    const Micros end = time_of(samples_.runs().back(), static_cast<double>(samples_.end()));
    const Micros here = now ? time_of(*now, position_) : report_.heard;
    const double ahead = std::clamp((end - here).count(), 0.0, 1e12);
    report_.ahead = Duration(static_cast<Duration::rep>(ahead));
  }
  status_.publish(report_);
}

const Run* SyncEngine::run() const {
  const auto runs = samples_.runs();
  const auto after = std::ranges::upper_bound(runs, whole(position_), {}, &Run::first);
  return state_ == State::silent || after == runs.begin() ? nullptr : &*std::prev(after);
}

Micros SyncEngine::time_of(const Run& run, double position) const {
  return run.at + Micros(1e6) * ((position - static_cast<double>(run.first)) / rate_);
}

Frames SyncEngine::limit() const {
  if (state_ == State::fading) return fade_limit_;
  const auto runs = samples_.runs();
  const Run* now = run();
  if (!now || now == &runs.back()) return samples_.end();
  const Run& next = *(now + 1);
  // Runs that meet are one sound.
  const Micros gap = next.at - time_of(*now, static_cast<double>(next.first));
  return gap > kSame ? next.first + kAfter : samples_.end();
}

Micros SyncEngine::frame_on_server() const { return device_.frame_duration() * (1 + line_.drift); }

}  // namespace tutti::player
