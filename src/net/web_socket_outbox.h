// What one WebSocket is still to be sent: shared frames, bounded, with a policy per kind for when it is full.
// No socket here; belongs to one I/O thread, as its connection does.
#pragma once

#include "net/web_socket_limits.h"
#include "protocol/websocket_frame.h"

#include <cstdint>
#include <span>
#include <sys/uio.h>
#include <vector>

namespace tutti::net {

enum class FrameKind : std::uint8_t {
  control,  // must arrive: where there is no room, the connection is closed
  state,    // the newest of the same key takes the place of the one before
  audio,    // the oldest make room for the new, and are counted
};

class WebSocketOutbox {
 public:
  // False: a frame that must arrive has no room.
  bool push(protocol::FramePtr frame, FrameKind kind, std::uint16_t key, const WebSocketLimits& limits);
  // Pings and pongs: newest wins, and there is room always.
  void push_ping(protocol::FramePtr frame) { put_state(std::move(frame), Slot::ping, 0); }
  void push_pong(protocol::FramePtr frame) { put_state(std::move(frame), Slot::pong, 0); }
  // Before all that waits, and there is room always: for the few small frames of a protocol that cannot wait.
  void push_first(protocol::FramePtr frame);
  // Forgets audio that has not been begun; it is not counted as dropped.
  void drop_audio();
  // The rest of a frame of which `sent` bytes went out past the outbox. Only into an empty one.
  void push_rest(protocol::FramePtr frame, FrameKind kind, std::size_t sent);
  // The close frame; there is room always. Nothing is taken after it.
  void finish(protocol::FramePtr close);
  // Forgets what has not been begun.
  void clear_unsent();

  bool empty() const { return entries_.empty(); }
  std::size_t bytes() const { return bytes_; }
  std::size_t frames() const { return entries_.size() - head_; }
  // Audio frames that made room.
  std::uint32_t dropped() const { return dropped_; }

  // Fills `parts` with what is next; returns how many are used.
  std::size_t gather(std::span<iovec> parts) const;
  // So many bytes of it have been sent.
  void advance(std::size_t sent);

 private:
  enum class Slot : std::uint8_t { control, state, audio, ping, pong, close };
  struct Entry {
    protocol::FramePtr frame;
    Slot slot;
    std::uint16_t key;
  };

  bool has_room(std::size_t size, const WebSocketLimits& limits) const;
  bool make_room(std::size_t size, const WebSocketLimits& limits);
  bool put_state(protocol::FramePtr frame, Slot slot, std::uint16_t key);
  bool replace(protocol::FramePtr& frame, Slot slot, std::uint16_t key);
  void append(protocol::FramePtr frame, Slot slot, std::uint16_t key);
  // The first entry that no byte of has been sent of.
  std::size_t first_unsent() const { return head_ + (sent_of_head_ > 0 ? 1 : 0); }
  void shrink();

  std::vector<Entry> entries_;  // from head_ on; those before are gone
  std::uint32_t head_ = 0;
  std::uint32_t dropped_ = 0;
  std::size_t sent_of_head_ = 0;
  std::size_t bytes_ = 0;
  bool is_finished_ = false;
};

}  // namespace tutti::net
