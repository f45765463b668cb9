// One connection that reads a broadcast over HTTP: a socket and a cursor into the ring. No thread, coroutine
// or buffer of its own; the feed walks its listeners and lets each write what is due. Belongs to one I/O
// thread.
#pragma once

#include "net/connection.h"
#include "net/feed_ring.h"

#include <memory>
#include <optional>
#include <string>

namespace tutti::net {

class Listener {
 public:
  enum class State {
    ready,    // all that was due is written
    blocked,  // the socket took no more
    gone,     // the connection is lost
  };

  // `head`: the response's head, sent before the first packet. `icy`: null unless the client asked for
  // titles.
  Listener(Connection connection, std::string head, std::unique_ptr<protocol::IcyInterleaver> icy,
           std::string key);

  // The first packet to send. Called once there is one.
  void begin_at(const FeedRing& ring, std::uint64_t seq);
  bool has_begun() const { return begun_; }

  // Writes, without waiting, everything up to packet `due` (exclusive).
  State flush(const FeedRing& ring, std::uint64_t due);

  // True if the packets it needs next have left the ring.
  bool has_fallen_out(const FeedRing& ring) const { return begun_ && seq_ < ring.packets().begin_seq(); }
  // Goes on from packet `seq`, on a packet's edge. Returns how much audio is lost.
  Duration skip_to(const FeedRing& ring, std::uint64_t seq);

  std::uint64_t next_seq() const { return seq_; }
  ServerTime next_at() const { return next_at_; }
  unsigned skips() const { return skips_; }
  const std::string& key() const { return key_; }
  boost::asio::ip::tcp::socket& socket() { return socket_; }
  bool is_waiting() const { return waiting_; }
  void set_waiting(bool waiting) { waiting_ = waiting; }

 private:
  struct Slices;
  std::optional<std::span<const std::uint8_t>> rest_of_packet(const FeedRing& ring, std::uint64_t due,
                                                              std::uint64_t seq, std::uint32_t offset) const;
  void gather(const FeedRing& ring, std::uint64_t due, Slices& out) const;
  void advance(const FeedRing& ring, std::uint64_t due, std::size_t sent);
  void hold(const FeedRing& ring);

  boost::asio::ip::tcp::socket socket_;
  Wire wire_;
  std::string head_;  // what of it is still to be sent
  std::unique_ptr<protocol::IcyInterleaver> icy_;
  std::string key_;
  std::uint64_t seq_ = 0;     // the packet being sent
  std::uint32_t offset_ = 0;  // bytes of it that have been
  std::uint32_t skips_ = 0;
  ServerTime next_at_;  // when the packet being sent is on air
  PacketPtr held_;      // the packet being sent, kept while the ring may lose it
  bool begun_ = false;
  bool waiting_ = false;  // for the socket to become writable
};

}  // namespace tutti::net
