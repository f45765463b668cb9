// One broadcast on one I/O thread: the ring and its listeners. A system call is what a listener costs, so
// each is written to once per flush interval. Many written to in one go cost less than the same many in
// small groups (the kernel's code and the reader stay awake), so a slot is filled before the next one is
// begun; a large crowd is dealt out over the interval, so that no tick is long.
#pragma once

#include "app/audience.h"
#include "net/feed_ring.h"
#include "net/listener.h"

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace tutti::net {

class Feed {
 public:
  // Ticks per flush interval; a crowd is spread over as many slots.
  static constexpr std::size_t kSlots = 20;
  // Listeners of a slot that is full, some 20 ms of writing: more come to it only when all slots are.
  static constexpr std::size_t kFullSlot = 2'500;
  // Falling out of the ring so often ends a listener.
  static constexpr unsigned kMostSkips = 3;

  struct Events {
    // A listener's first packet has been written.
    std::function<void(const std::string& key, ServerTime first_sample_at)> begun;
    // A listener lost some audio by being slow.
    std::function<void(const std::string& key, Duration lost)> skipped;
  };

  // `first_slot`: where the first listeners go. Feeds of one thread differ in it, so that many small ones do
  // not meet in one tick.
  Feed(std::size_t buffer_size, Duration burst, Events events, std::size_t first_slot = 0);

  void add(Listener listener, ServerTime now);
  // Also writes to those who still wait for their burst.
  void push(const std::vector<PacketPtr>& packets, ServerTime now);
  // Writes to the listeners of slot `slot`.
  void flush(std::size_t slot, ServerTime now);
  void close_all();

  std::size_t listeners() const { return listeners_; }
  // Requests that wait for the control thread's word on this broadcast; it must not go away under them.
  void expect() { ++expected_; }
  void expected() { --expected_; }
  bool is_unused() const { return listeners_ == 0 && expected_ == 0; }

 private:
  // Side by side, so that a walk finds the next one without a miss.
  using Slot = std::vector<Listener>;

  void serve(Listener& listener, std::uint64_t due, ServerTime now);
  void begin(Listener& listener, ServerTime now);
  void skip(Listener& listener, ServerTime now);
  void settle(Listener listener);  // into a slot
  // Packets up to this one (exclusive) are on air.
  std::uint64_t due(ServerTime now) const { return ring_.packets().seq_after(now); }
  // The encoder is ahead of the air: what a listener needs next comes with its slot.
  bool is_ahead(ServerTime now) const { return due(now) < ring_.packets().end_seq(); }
  std::uint64_t joining_seq(ServerTime now) const { return ring_.packets().seq_at(now - burst_); }

  FeedRing ring_;
  Duration burst_;
  Events events_;
  std::array<Slot, kSlots> slots_;
  std::size_t filling_;  // a slot
  Slot starting_;        // served at every push until the encoder is ahead; then each gets a slot
  std::size_t listeners_ = 0;
  std::size_t expected_ = 0;
};

}  // namespace tutti::net
