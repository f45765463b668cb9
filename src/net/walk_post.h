// What control tells the phones of a walk, written once for all of them and carried to their I/O threads: for
// each thread one errand with all that was told in control's turn. So the first and the last phone of a
// thread hear of a cue in one go, whatever else waits there, thousands of downloads for one. Owned by
// control, and used there only.
#pragma once

#include "app/walk_client.h"
#include "net/web_socket.h"

#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

namespace tutti::net {

class WalkPost {
 public:
  // Goes out at the end of the turn of `control`, in order; what the socket does not take then, waits.
  void send(const boost::asio::any_io_executor& control, const WebSocket::Socket::executor_type& thread,
            std::weak_ptr<WebSocket> socket, const app::WalkNewsPtr& news);

 private:
  struct Letter {
    std::weak_ptr<WebSocket> socket;
    protocol::FramePtr frame;
  };
  struct Bag {
    WebSocket::Socket::executor_type thread;
    std::vector<Letter> letters;
  };
  protocol::FramePtr frame_of(const app::WalkNewsPtr& news);
  static void deliver(const std::vector<Letter>& letters);
  void leave();

  // Phones are told one after the other of the same news.
  app::WalkNewsPtr news_;
  protocol::FramePtr frame_;  // of news_
  std::vector<Bag> bags_;
};

}  // namespace tutti::net
