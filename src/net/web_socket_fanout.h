// One stream of frames to many WebSockets of one I/O thread: what comes within an interval goes to each in
// one write, which is gathered once for all of them.
#pragma once

#include "base/time.h"
#include "net/web_socket.h"

#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tutti::net {

class WebSocketFanout {
 public:
  // `interval`: for how long the first frame waits for others; 0 is the end of the thread's turn.
  WebSocketFanout(boost::asio::io_context& context, Duration interval, FrameKind kind);

  // Gets what is pushed from now on, until it is closed.
  void add(std::shared_ptr<WebSocket> socket) { sockets_.push_back(std::move(socket)); }
  void remove(const WebSocket& socket);
  void push(protocol::FramePtr frame);
  // What waits goes out now.
  void flush();
  // Those that were closed count until the next flush.
  std::size_t size() const { return sockets_.size(); }

 private:
  Duration interval_;
  FrameKind kind_;
  boost::asio::steady_timer timer_;
  std::vector<std::shared_ptr<WebSocket>> sockets_;
  std::vector<protocol::FramePtr> waiting_;
};

}  // namespace tutti::net
