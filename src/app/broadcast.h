// A station in one encoding while somebody listens: its producer, the latest packets, and who takes them.
// Owned by the control thread.
#pragma once

#include "app/audience.h"
#include "app/producer.h"
#include "domain/packet_ring.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace tutti::app {

class Broadcast {
 public:
  Broadcast(BroadcastId id, std::size_t buffer_size)
      : id_(id), buffer_size_(buffer_size), ring_(buffer_size) {}

  bool is_running() const { return producer_ != nullptr; }
  bool is_busy() const { return busy_; }
  bool has_audience() const { return !audience_.empty(); }
  std::size_t listeners() const;

  // Starts the producer; `first`: from when on audio is wanted.
  void start(ProducerFactory& factory, const Encoding& encoding, FrameClock clock, ServerTime first,
             Producer::Events events);
  void stop();
  void produce(std::vector<Segment> segments, Frames until);
  void on_idle() { busy_ = false; }
  void on_packets(std::vector<PacketPtr> packets, Audience& audience);

  // An I/O thread begins to listen; it gets what the ring holds, once.
  void join(std::size_t io_thread, Audience& audience);
  void leave(std::size_t io_thread, ServerTime now);
  void count(std::size_t io_thread, std::size_t listeners);

  // Since when nobody has listened.
  std::optional<ServerTime> idle_since() const { return idle_since_; }

 private:
  BroadcastId id_;
  std::size_t buffer_size_;
  PacketRing ring_;
  std::unique_ptr<Producer> producer_;
  bool busy_ = false;
  std::map<std::size_t, std::size_t> audience_;  // listeners by I/O thread
  std::optional<ServerTime> idle_since_;
};

}  // namespace tutti::app
