#include "loadgen/crowd.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

namespace loadgen {
namespace {

constexpr std::uint64_t stdin_index = ~std::uint64_t{0};
constexpr std::size_t connects_per_step = 64;  // few, so that answers to the earlier ones are seen in time
constexpr auto shortest_tick = std::chrono::milliseconds(10);

void mark(const char* name) {
  std::printf("%s\n", name);
  std::fflush(stdout);
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Clock::duration ticks(Seconds seconds) { return std::chrono::duration_cast<Clock::duration>(seconds); }

}  // namespace

Crowd::Crowd(const Options& options)
    : options_(options), epoll_(epoll_create1(EPOLL_CLOEXEC)), listeners_(options.listeners) {
  if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  parts_ =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(ticks(options.read_interval) / shortest_tick));
  tick_ = std::max<Clock::duration>(shortest_tick, ticks(options.read_interval) / static_cast<int>(parts_));
  if (!options.driven) return;
  epoll_event event{.events = EPOLLIN, .data = {.u64 = stdin_index}};
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, STDIN_FILENO, &event) != 0)
    throw std::system_error(errno, std::generic_category(), "--driven needs a pipe as standard input");
}

Crowd::~Crowd() { close(epoll_); }

void Crowd::run() {
  started_ = phase_since_ = Clock::now();
  while (phase_ != Phase::done) step();
}

void Crowd::step() {
  std::array<epoll_event, 256> events;
  const auto now = Clock::now();
  const auto until_tick = std::chrono::ceil<std::chrono::milliseconds>(tick_time(next_tick_) - now).count();
  // Spread means spread: ten connects every 10 ms would overflow a short accept queue that one every 1 ms
  // does not.
  const bool connecting = connected_ < listeners_.size();
  const long longest = connecting ? (options_.ramp.count() > 0 ? 1 : 0) : 10;
  const int wait = static_cast<int>(std::clamp<long>(until_tick, 0, longest));
  const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
  const auto woken = Clock::now();
  for (int i = 0; i < ready; ++i) {
    const auto& event = events.at(static_cast<std::size_t>(i));
    if (event.data.u64 == stdin_index)
      on_stdin();
    else
      listeners_[event.data.u64].on_ready(options_, event.events, woken);
  }
  connect_due(Clock::now());
  read_due(Clock::now());
  next_phase(Clock::now());
}

void Crowd::connect_due(TimePoint now) {
  std::size_t due = listeners_.size();
  if (options_.ramp.count() > 0) {
    const double share = Seconds(now - started_) / options_.ramp;
    due = std::min(due, static_cast<std::size_t>(share * static_cast<double>(due)) + 1);
  }
  due = std::min(due, connected_ + connects_per_step);
  for (; connected_ < due; ++connected_) listeners_[connected_].connect(options_, connected_, epoll_);
}

TimePoint Crowd::tick_time(std::uint64_t tick) const {
  return started_ + tick_ * static_cast<Clock::rep>(tick);
}

void Crowd::read_due(TimePoint now) {
  for (; tick_time(next_tick_) <= now; ++next_tick_) {
    if (phase_ == Phase::window)
      worst_lag_ = std::max(worst_lag_, Seconds(Clock::now() - tick_time(next_tick_)));
    // The time is taken once per part, before its sockets are emptied: a player is never held to have
    // consumed longer than its data had time to arrive.
    const auto read_at = Clock::now();
    for (std::size_t i = next_tick_ % parts_; i < connected_; i += parts_) listeners_[i].read_round(read_at);
  }
}

bool Crowd::everyone_decided(TimePoint now) {
  const auto undecided = [](const Listener& l) { return l.state() < State::playing; };
  if (connected_ < listeners_.size()) return false;
  if (std::ranges::none_of(listeners_, undecided)) return true;
  if (now < started_ + ticks(options_.ramp + options_.connect_timeout)) return false;
  for (auto& listener : listeners_)
    if (undecided(listener)) listener.give_up(Failure::no_audio);
  return true;
}

void Crowd::next_phase(TimePoint now) {
  const auto enter = [&](Phase phase) {
    phase_ = phase;
    phase_since_ = now;
  };
  switch (phase_) {
    case Phase::connecting:
      if (!everyone_decided(now)) return;
      everyone_decided_ = now;
      mark("connected");
      return enter(Phase::settling);
    case Phase::settling:
      if (now < phase_since_ + ticks(options_.settle)) return;
      mark("steady");
      return enter(Phase::waiting_for_go);
    case Phase::waiting_for_go:
      if (options_.driven && !go_ && !stdin_ended_) return;
      begin_window();
      return enter(Phase::window);
    case Phase::window:
      if (now < phase_since_ + ticks(options_.duration)) return;
      cpu_share_ = (cpu_seconds() - cpu_at_window_) / Seconds(now - phase_since_).count();
      for (auto& listener : listeners_) listener.close_window(now);
      mark("end");
      return enter(Phase::waiting_for_end);
    case Phase::waiting_for_end:
      if (!options_.driven || stdin_ended_) enter(Phase::done);
      return;
    case Phase::done:
      return;
  }
}

void Crowd::begin_window() {
  cpu_at_window_ = cpu_seconds();
  for (auto& listener : listeners_) listener.open_window();
}

void Crowd::on_stdin() {
  std::array<char, 64> line;
  const auto size = read(STDIN_FILENO, line.data(), line.size());
  if (size > 0) {
    go_ = true;
  } else {
    stdin_ended_ = true;
    epoll_ctl(epoll_, EPOLL_CTL_DEL, STDIN_FILENO, nullptr);
  }
}

}  // namespace loadgen
