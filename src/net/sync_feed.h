// What a group plays in one encoding, for those players of one I/O thread that buffer and play it in sync:
// each chunk is framed once and shared. A player is sent as much ahead as it can hold, at most 30 s, and then
// again when a good part of that has been played, so that writes are few.
#pragma once

#include "base/time.h"
#include "domain/packet.h"
#include "protocol/sendspin_binary.h"
#include "protocol/websocket_frame.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <sys/uio.h>
#include <vector>

namespace tutti::net {

class SyncOwner {
 public:
  virtual ~SyncOwner() = default;
  // It has taken all that it was sent before.
  virtual bool is_ready() const = 0;
  // One write. `parts` are the bytes of `frames`. Returns how many it has taken; the others are offered
  // again.
  virtual std::size_t offer(std::span<const protocol::FramePtr> frames, std::span<iovec> parts,
                            std::size_t bytes) = 0;
  // Behind all that it has not sent yet.
  virtual void send(const protocol::FramePtr& frame) = 0;
  // There will be nothing to send.
  virtual void refuse(const std::string& why) = 0;
  // What its listener holds will not be heard: it is to clear its buffer, before anything else is sent.
  virtual void on_revoked() = 0;
};

// One stream of one client. Its owner keeps it in place while it is in a feed.
struct SyncListener {
  explicit SyncListener(SyncOwner& an_owner) : owner(an_owner) {}

  SyncOwner& owner;
  std::int64_t capacity = 0;  // bytes of messages not yet played
  ServerTime from;            // nothing that begins earlier
  std::uint64_t next = 0;     // the chunk to be sent next, once it has begun
  std::uint64_t first = 0;    // the one that it began with
  bool has_begun = false;
  ServerTime due;                        // nothing is sent before
  std::optional<ServerTime> sent_until;  // where the last chunk that was sent ends
  // Of the encoding before this one it holds so much, which will have been played by `from`.
  std::uint64_t carried = 0;
  ServerTime carried_since;
};

class SyncFeed {
 public:
  static constexpr Duration kMostAhead{30'000'000};

  explicit SyncFeed(protocol::sendspin::BinaryKind kind) : kind_(kind) {}

  void add(SyncListener& listener);
  void remove(SyncListener& listener);
  std::size_t listeners() const { return listeners_.size(); }

  // `grid`: as app::SyncAudience says.
  void push(const std::vector<PacketPtr>& packets, ServerTime grid, ServerTime now);
  // What begins at `from` or later will not be heard. Returns those who hold some of it: they are to clear
  // their buffers, and are sent what is still to be heard.
  std::vector<SyncListener*> revoke(ServerTime from, ServerTime now);
  // Some times a second: sends what is due.
  void serve(ServerTime now);
  // Sends as many further chunks as lead to where chunks of every encoding begin.
  void finish(SyncListener& listener, ServerTime now);
  const std::vector<SyncListener*>& all() const { return listeners_; }

 private:
  struct Chunk {
    protocol::FramePtr frame;
    ServerTime at, end;
    std::uint64_t bytes_before = 0;  // of all chunks before it
  };

  void serve(SyncListener& listener, ServerTime now);
  bool place(SyncListener& listener, ServerTime now) const;
  std::uint64_t begin() const { return first_; }
  std::uint64_t end() const { return first_ + chunks_.size(); }
  const Chunk& at(std::uint64_t seq) const { return chunks_[seq - first_]; }
  std::uint64_t bytes_before(std::uint64_t seq) const;
  // Bytes that have been sent and not been played.
  std::uint64_t held(const SyncListener& listener, ServerTime now) const;
  // The first chunk that begins at `t` or later; the first that is not over by `t`.
  std::uint64_t beginning_at(ServerTime t) const;
  std::uint64_t not_over_by(ServerTime t) const;

  protocol::sendspin::BinaryKind kind_;
  std::deque<Chunk> chunks_;
  std::uint64_t first_ = 0;  // its number
  ServerTime grid_;
  std::uint64_t bytes_ = 0;  // of all chunks ever
  std::vector<SyncListener*> listeners_;
  std::vector<protocol::FramePtr> frames_;  // of the write under way
  std::vector<iovec> parts_;
};

}  // namespace tutti::net
