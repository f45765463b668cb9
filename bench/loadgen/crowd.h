// All listeners and the one loop that serves them.
//
// Until its first audio a listener is watched by epoll, so that latency is exact; from then on its socket is
// emptied once per read interval, whatever arrived, which keeps the generator far cheaper than the server it
// loads. The rounds are spread evenly: every tick reads the next part of the crowd.
#pragma once

#include "loadgen/listener.h"

#include <vector>

namespace loadgen {

class Crowd {
 public:
  explicit Crowd(const Options& options);
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  /// From the first connect to the end of the window. Prints the marks "connected", "steady" and "end".
  void run();

  const std::vector<Listener>& listeners() const { return listeners_; }
  /// From the first connect until the last listener had audio or had failed.
  Seconds time_to_connect() const { return everyone_decided_ - started_; }
  /// How late a reading tick was at worst, in the window: the generator must not be what is measured.
  Seconds worst_lag() const { return worst_lag_; }
  double cpu_share() const { return cpu_share_; }

 private:
  enum class Phase { connecting, settling, waiting_for_go, window, waiting_for_end, done };

  void step();
  void connect_due(TimePoint now);
  void read_due(TimePoint now);
  void next_phase(TimePoint now);
  bool everyone_decided(TimePoint now);
  void begin_window();
  void on_stdin();
  TimePoint tick_time(std::uint64_t tick) const;

  const Options& options_;
  int epoll_;
  std::vector<Listener> listeners_;
  std::size_t connected_ = 0;
  Phase phase_ = Phase::connecting;
  TimePoint started_, everyone_decided_, phase_since_;
  Clock::duration tick_;
  std::uint64_t parts_, next_tick_ = 0;
  Seconds worst_lag_{0};
  double cpu_at_window_ = 0, cpu_share_ = 0;
  bool go_ = false, stdin_ended_ = false;
};

}  // namespace loadgen
