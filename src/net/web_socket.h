// One WebSocket connection, after the handshake: the socket, what is being read and what is still to be
// written. It has no thread and no coroutine of its own; it belongs to the WebSockets of one I/O thread, and
// everything here happens there. From elsewhere: keep a weak_ptr, and post to executor().
#pragma once

#include "net/connection.h"
#include "net/token_bucket.h"
#include "net/web_socket_handler.h"
#include "net/web_socket_outbox.h"
#include "protocol/websocket_reader.h"

#include <memory>
#include <string_view>

namespace tutti::net {

class WebSockets;

class WebSocket : public std::enable_shared_from_this<WebSocket> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  // WebSockets makes them.
  WebSocket(Connection connection, WebSockets& owner, const WebSocketLimits& limits, protocol::FramePtr head);
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  // Goes out at the end of this turn of the I/O thread, with everything else that was sent in it, in one
  // write. Without effect once the connection is closing. `key`: which state, where there are several.
  void send(protocol::FramePtr frame, FrameKind kind, std::uint16_t key = 0);
  // Many frames at once, now. `parts` are the bytes of `frames`, made by the caller once for all the
  // connections they go to; what the socket does not take waits in the outbox.
  void send_now(std::span<const protocol::FramePtr> frames, std::span<iovec> parts, std::size_t bytes,
                FrameKind kind);
  // The same, but for what the socket does not take: that stays the caller's. Returns how many frames are
  // sent, or have been begun; none where something waits already.
  std::size_t offer(std::span<const protocol::FramePtr> frames, std::span<iovec> parts, std::size_t bytes,
                    FrameKind kind);
  // The handler's urgent() is asked for at the next write, before which nothing else goes out.
  void ask_for_urgent();
  // Forgets audio that waits.
  void drop_audio() { outbox_.drop_audio(); }
  // Sends what is waiting, then a close frame; on_closed() comes when the peer has answered, or did not
  // in time. What of `reason` is not UTF-8 is replaced, what is beyond 123 bytes is cut off. Until then
  // messages from the peer are no longer handed on.
  void close(std::uint16_t code, std::string_view reason);

  bool is_open() const { return state_ == State::open; }
  // When the message had come that the handler has just been given: as the kernel says, where it is asked
  // (WebSocketLimits::is_timed) and there is no TLS; else when it was read.
  ServerTime arrived_at() const { return arrived_at_; }
  // What waits because the peer does not take it.
  std::size_t pending_bytes() const { return outbox_.bytes(); }
  std::size_t pending_frames() const { return outbox_.frames(); }
  // Audio frames that made room for newer ones.
  std::uint32_t dropped() const { return outbox_.dropped(); }
  Socket::executor_type executor() { return socket_.get_executor(); }
  // nullptr once it is over.
  WebSocketHandler* handler() { return handler_.get(); }

 private:
  friend class WebSockets;
  enum class State : std::uint8_t {
    open,
    closing,    // a close frame is on its way; the peer's has not come
    answering,  // the peer's close frame has come; ours ends the connection
    failing,    // the peer broke the protocol: a close frame goes out, what comes in is thrown away
    over,
  };

  // --- for WebSockets
  void start(std::unique_ptr<WebSocketHandler> handler, std::string_view already_read);
  void flush();
  // Every 10 s. False: there is no sign of life.
  bool check(ServerTime now);
  // Closing, and not done with it: nothing left to take, for `patience`; else nothing taken for kSilence.
  bool is_late(ServerTime now, Duration patience);
  void finish(std::uint16_t code);

  template <class Call>
  void guarded(Call call);

  // --- reading
  void wait_for_input();
  void read();
  void take(std::span<const std::uint8_t> bytes, Duration ago);
  bool is_within_rate(std::uint64_t frames_before);
  void dispatch(const protocol::WebSocketEvent& event);
  void on_peer_close(std::uint16_t code);

  // --- writing
  void flush_soon();
  void wait_for_room();
  void on_flushed();
  void leave(State next, std::uint16_t code, std::string_view reason);
  void fail(std::uint16_t code, std::string_view reason);

  Socket socket_;
  Wire wire_;
  WebSockets& owner_;
  const WebSocketLimits& limits_;
  std::unique_ptr<WebSocketHandler> handler_;
  protocol::WebSocketReader reader_;
  WebSocketOutbox outbox_;
  TokenBucket bucket_;
  ServerTime heard_at_;  // the last sign of life
  ServerTime arrived_at_;
  ServerTime pinged_at_;
  ServerTime message_at_;  // when the message that is being read was begun
  ServerTime closing_at_;  // or when the peer last took something after that
  std::size_t untaken_ = 0;
  std::uint32_t slot_ = 0, place_ = 0;  // where the owner keeps it
  std::uint16_t code_ = 0;              // what on_closed() will say
  State state_ = State::open;
  bool is_blocked_ = false;  // waiting for the socket to take more
  bool is_dirty_ = false;    // listed for a flush
  bool is_lost_ = false;     // a write failed
  bool is_shut_ = false;     // nothing more will be written
  bool has_urgent_ = false;
};

}  // namespace tutti::net
