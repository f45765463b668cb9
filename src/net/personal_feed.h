// The listeners of an individual station on one I/O thread, values side by side. Each is looked at once per
// flush interval, as a Feed's are: what is due of its own programme is read on a worker pool, a second at a
// time, and written when it comes. The burst that a listener is ahead hides how long that takes. What is out
// for a listener (a piece, the next track) knows it by a ticket, so that it may leave meanwhile.
#pragma once

#include "base/slab.h"
#include "net/personal_listener.h"
#include "net/shared_cache.h"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti::net {

class PersonalFeed {
 public:
  // Ticks per flush interval; listeners are spread over as many slots, by their places.
  static constexpr std::size_t kSlots = 20;
  // Pieces that are asked for at the same time: what has been read and waits to be written is memory.
  static constexpr std::size_t kMostReadings = 32;

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

  void add(PersonalListener listener, ServerTime now);
  // Looks after the listeners of slot `slot`, and after those who have heard nothing yet.
  void flush(std::size_t slot, ServerTime now);
  void close_all();
  std::size_t listeners() const { return listeners_.size(); }

 private:
  using Ticket = Slab<PersonalListener>::Ticket;

  void look_after(Ticket ticket, ServerTime now);  // it may be closed then
  static bool is_given_up(const PersonalListener& listener, ServerTime now);
  void go_on(Ticket ticket, PersonalListener& listener, ServerTime now);
  void ask(Ticket ticket, PersonalListener& listener);
  void on_next(Ticket ticket, app::PersonalService::Next next);
  void begin_next(Ticket ticket, PersonalListener& listener, ServerTime now);
  void read(Ticket ticket, PersonalListener& listener);
  void read_those_who_wait();
  void on_read(Ticket ticket, const Result<std::shared_ptr<const Mp3Piece>>& piece);
  void write(Ticket ticket, PersonalListener& listener, const Mp3Piece& piece);

  Duration burst_;
  Events events_;
  SharedCache<std::pair<std::uint64_t, std::int64_t>, Mp3Piece>
      pieces_;  // by the track's serial and the offset
  Slab<PersonalListener> listeners_;
  std::vector<Ticket> starting_;  // looked after at every tick until they hear something
  std::deque<Ticket> waiting_;    // for their turn to be read for
  std::size_t readings_ = 0;
  bool is_reading_on_ = false;  // read_those_who_wait() is at work
};

}  // namespace tutti::net
