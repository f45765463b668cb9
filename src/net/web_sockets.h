// All WebSockets of one I/O thread: keeps them, flushes those that have something to send once per turn,
// pings them, and ends those that are dead, late in closing, or too slow with a message.
#pragma once

#include "base/time.h"
#include "net/web_socket.h"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tutti::net {

class WebSockets {
 public:
  static constexpr std::chrono::seconds kPingInterval{20};
  // Without a sign of life for so long a peer is dead. Looked at every ten seconds, so it is gone within 40
  // s.
  static constexpr std::chrono::seconds kSilence{30};
  // For the peer to answer a close frame, from when it has taken all that was sent.
  static constexpr std::chrono::seconds kCloseTimeout{5};
  // For a message to come whole, once it has begun.
  static constexpr std::chrono::seconds kMessageTimeout{30};

  struct Events {
    std::function<ServerTime()> now;
    std::function<void()> one_ended;  // after it is gone from here
  };

  using MakeHandler = std::function<std::unique_ptr<WebSocketHandler>(WebSocket&)>;

  WebSockets(boost::asio::io_context& context, Events events);
  ~WebSockets();

  // `head`: the 101's, "" where this side has asked; `already_read`: bytes that came with the request or
  // answer. `limits` outlive the connection.
  std::shared_ptr<WebSocket> open(Connection connection, std::string_view head, std::string_view already_read,
                                  const WebSocketLimits& limits, const MakeHandler& make);
  std::size_t size() const { return size_; }

  // Closes all with 1001; nobody is waited for longer than a second.
  void stop();
  // Ends all at once.
  void abort();

  // What the timer does once a second; tests call it in their own time.
  void tick(ServerTime now);

  // --- for WebSocket
  ServerTime now() const { return events_.now(); }
  void flush_soon(std::shared_ptr<WebSocket> socket);
  void remove(WebSocket& socket);
  void watch_closing(std::shared_ptr<WebSocket> socket);
  std::span<std::uint8_t> read_buffer() { return read_buffer_; }

 private:
  static constexpr std::size_t kSlots = 10;  // one is looked at each second
  void schedule();
  void flush_all();
  void end_late(ServerTime now);

  boost::asio::io_context& context_;
  Events events_;
  boost::asio::steady_timer timer_;
  std::array<std::vector<std::shared_ptr<WebSocket>>, kSlots> slots_;
  std::vector<std::shared_ptr<WebSocket>> dirty_, flushing_, closing_;
  std::vector<std::uint8_t> read_buffer_;
  std::size_t size_ = 0, next_slot_ = 0, visited_ = 0;
  bool is_ticking_ = false;
  bool is_stopping_ = false;
};

}  // namespace tutti::net
