// One connection that reads a broadcast over HTTP: a socket and a cursor into the ring. No thread, coroutine
// or buffer of its own; the feed walks its listeners and lets each write what is due. Belongs to one I/O
// thread.
#pragma once

#include "base/rare.h"
#include "net/feed_ring.h"
#include "net/quiet_connection.h"

#include <memory>
#include <optional>
#include <string>

namespace tutti::net {

class Listener {
 public:
  // `head`: the response's head, sent before the first packet. `icy`: null unless the client asked for
  // titles.
  Listener(QuietConnection connection, std::string head, std::unique_ptr<protocol::IcyInterleaver> icy,
           std::string key);

  // The first packet to send. Called once there is one.
  void begin_at(const FeedRing& ring, std::uint64_t seq);
  bool has_begun() const { return begun_; }

  // Writes, without waiting, up to packet `due` (exclusive), or as much as the socket takes; closes the
  // socket if the connection is lost.
  void flush(const FeedRing& ring, std::uint64_t due);

  // True if the packets it needs next have left the ring.
  bool has_fallen_out(const FeedRing& ring) const { return begun_ && seq_ < ring.packets().begin_seq(); }
  // Goes on from packet `seq`, on a packet's edge. Returns how much audio is lost.
  Duration skip_to(const FeedRing& ring, std::uint64_t seq);

  std::uint64_t next_seq() const { return seq_; }
  ServerTime next_at() const { return next_at_; }
  unsigned skips() const { return skips_; }
  const std::string& key() const { return *key_; }
  bool is_open() const { return connection_.is_open(); }
  void close() { connection_.close(); }

 private:
  struct Slices;
  std::optional<std::span<const std::uint8_t>> rest_of_packet(const FeedRing& ring, std::uint64_t due,
                                                              std::uint64_t seq, std::uint32_t offset) const;
  void gather(const FeedRing& ring, std::uint64_t due, Slices& out) const;
  void advance(const FeedRing& ring, std::uint64_t due, std::size_t sent);
  void hold(const FeedRing& ring);

  QuietConnection connection_;
  bool begun_ = false;
  std::uint32_t offset_ = 0;  // bytes of the packet being sent that have been
  std::uint64_t seq_ = 0;     // the packet being sent
  std::unique_ptr<protocol::IcyInterleaver> icy_;
  PacketPtr held_;          // the packet being sent, kept while the ring may lose it
  Rare<std::string> head_;  // what of it is still to be sent
  ServerTime next_at_;      // when the packet being sent is on air
  std::uint32_t skips_ = 0;
  Rare<std::string> key_;
};

}  // namespace tutti::net
