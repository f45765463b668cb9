// A timeline in one encoding for players that buffer and play in sync: made ahead of the air by as much as
// the most patient player may hold, once for all of them. Lives while somebody wants it. Owned by the control
// thread.
#pragma once

#include "app/producer.h"
#include "app/programmed.h"
#include "domain/packet_ring.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace tutti::app {

class SyncBroadcast {
 public:
  struct Events {
    // More packets, in order; each begins where the one before ended. They are in packets() already.
    std::function<void(const std::vector<PacketPtr>&)> packets;
    // The programme has changed (an operator's next, a file that cannot be played): what was handed out and
    // begins at `from` or later is not going to be heard, and has left packets(); what is heard instead
    // follows, beginning at `from`. Players that hold some of it are told to clear their buffers and are sent
    // anew what packets() has from now on.
    std::function<void(ServerTime from)> revoked;
  };
  static constexpr Duration kMostAhead{30'000'000};
  // Where an encoding is so large that this holds less, less is made ahead.
  static constexpr std::size_t kMostBytes = 32u << 20;

  // `encoding` as player_encoding() gives it. The first packet begins at `first`, give or take the rounding
  // to a frame: some hundred milliseconds from now, so that it is there in time. `programme` and `producers`
  // outlive this. No event comes after the destructor.
  SyncBroadcast(ProducerFactory& producers, Programmed& programme, const Encoding& encoding, ServerTime first,
                Events events, Duration ahead = kMostAhead);
  SyncBroadcast(const SyncBroadcast&) = delete;
  SyncBroadcast& operator=(const SyncBroadcast&) = delete;

  // What of `encoding` is made ahead at most.
  static std::size_t bytes_ahead(const Encoding& encoding);

  const Encoding& encoding() const { return encoding_; }
  // What has been made and is not over yet, and the last second of what is: a player that comes later is sent
  // what begins in the future.
  const PacketRing& packets() const { return ring_; }

  // Some times a second, and at once when the programme has changed: keeps production ahead of the air, a
  // little more with each tick. Nothing is made before the first.
  void tick(ServerTime now);

 private:
  void start(ServerTime first);
  void revoke(Frames changed);
  void produce(std::vector<Segment> segments, ServerTime now);
  // The first frame of what has been ordered that is not what `segments` say.
  Frames first_change(const std::vector<Segment>& segments, Frames from) const;
  Duration ahead() const;

  ProducerFactory& producers_;
  Programmed& programme_;
  Encoding encoding_;
  Events events_;
  Duration most_ahead_;
  FrameClock clock_;  // the programme's
  PacketRing ring_;
  std::unique_ptr<Producer> producer_;
  bool is_busy_ = false;
  Frames ordered_until_ = 0;                     // on the programme's clock
  std::optional<std::vector<Segment>> ordered_;  // what was committed at the last order
  ServerTime now_;                               // at the last tick
};

}  // namespace tutti::app
