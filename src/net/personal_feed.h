// The listeners of an individual station on one I/O thread. Each is looked at once per flush interval, as a
// Feed's are: what is due of its own programme is read on a worker pool, a second at a time, and written when
// it comes. The burst that a listener is ahead hides how long that takes.
#pragma once

#include "net/personal_listener.h"
#include "net/shared_cache.h"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti::net {

class PersonalFeed {
 public:
  // Ticks per flush interval; listeners are spread over as many slots.
  static constexpr std::size_t kSlots = 20;

  using Answer = std::function<void(app::PersonalService::Next)>;
  struct Events {
    std::function<ServerTime()> now;
    // Asks for the track after `rotation`; the answer comes on this thread, later.
    std::function<void(const Rotation::State& rotation, Answer answer)> next;
    // A listener begins to be sent a track. `is_first`: of those that it is sent.
    std::function<void(const std::string& key, TrackId track, ServerTime heard_at, bool is_first)> started;
    // A listener's time axis was moved, as it did not take what was due.
    std::function<void(const std::string& key, Duration lost)> skipped;
  };

  PersonalFeed(WorkerPool& pool, boost::asio::any_io_executor home, Duration burst, Events events);

  void add(std::shared_ptr<PersonalListener> listener, ServerTime now);
  // Looks after the listeners of slot `slot`, and after those who have heard nothing yet.
  void flush(std::size_t slot, ServerTime now);
  void close_all();
  std::size_t listeners() const { return listeners_; }

 private:
  using Ptr = std::shared_ptr<PersonalListener>;

  bool look_after(const Ptr& listener, ServerTime now);  // false: it is to be closed
  void go_on(const Ptr& listener, ServerTime now);
  void ask(const Ptr& listener);
  void on_next(const Ptr& listener, app::PersonalService::Next next);
  void begin_next(const Ptr& listener, ServerTime now);
  void read(const Ptr& listener);
  void on_piece(const Ptr& listener, const std::shared_ptr<const Mp3Piece>& piece);
  void wait_until_writable(const Ptr& listener);
  static void close(PersonalListener& listener);

  Duration burst_;
  Events events_;
  SharedCache<std::pair<std::uint64_t, std::int64_t>, Mp3Piece>
      pieces_;  // by the track's serial and the offset
  std::array<std::vector<Ptr>, kSlots> slots_;
  std::size_t next_slot_ = 0;
  std::vector<Ptr> starting_;  // also in a slot; looked after at every tick until they hear something
  std::size_t listeners_ = 0;
};

}  // namespace tutti::net
