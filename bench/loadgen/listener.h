// One HTTP listener: connects, asks, checks that it is given MP3, then discards what arrives and keeps the
// books.
#pragma once

#include "loadgen/options.h"
#include "loadgen/playback.h"
#include "loadgen/tls.h"

#include <cstdint>
#include <memory>
#include <string>

namespace loadgen {

/// In the order of a listener's life: who is before `playing` is still to decide.
enum class State { idle, connecting, securing, opening, playing, stalled, failed };
/// no_audio: nothing within --connect-timeout. reset: the server ended the connection before any audio.
enum class Failure { none, socket, connect, no_audio, reset, status, not_mp3, closed };

/// What arrived in the measured window, from the first reading in it that found data to the last.
struct Window {
  bool open = false;
  TimePoint first, last;
  std::uint64_t bytes = 0;  ///< without what the first reading found
  Seconds longest_gap{0};
  std::uint32_t segments = 0;  ///< that came with data; on loopback a write of up to 64 KiB is one
};

class Listener {
 public:
  Listener() = default;
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Starts to connect and registers with `epoll` under `index`.
  void connect(const Options& options, std::size_t index, int epoll);
  /// The socket is ready; `woken` is when epoll_wait returned, before anything else of its batch was handled.
  void on_ready(const Options& options, std::uint32_t events, TimePoint woken);
  /// Empties the socket without copying.
  void read_round(TimePoint now);
  void open_window();
  void close_window(TimePoint now);
  void give_up(Failure why);

  State state() const { return state_; }
  Failure failure() const { return failure_; }
  bool has_audio() const { return first_byte_ != TimePoint{}; }
  Seconds first_byte() const { return first_byte_ - connected_at_; }
  int status() const { return status_; }
  bool starts_with_frame() const { return starts_with_frame_; }
  const Playback& playback() const { return playback_; }
  const Window& window() const { return window_; }

 private:
  void on_connected(const Options& options);
  void secure(const Options& options);
  void send_request(const Options& options);
  void read_opening(const Options& options, TimePoint woken);
  bool check_opening(const Options& options, TimePoint woken);
  void watch(std::uint32_t events) const;
  std::uint32_t segments_so_far() const;
  void count(TimePoint now, std::uint64_t bytes);

  int socket_ = -1, epoll_ = -1;
  std::size_t index_ = 0;
  State state_ = State::idle;
  Failure failure_ = Failure::none;
  bool never_reads_ = false, starts_with_frame_ = false;
  int status_ = 0;
  TimePoint connected_at_, first_byte_;
  std::unique_ptr<std::string> opening_;  ///< the head and the first audio, until they are checked
  std::unique_ptr<Tls> tls_;              ///< until then
  std::uint64_t received_ = 0;
  TimePoint last_data_;
  Playback playback_;
  Window window_;
};

}  // namespace loadgen
