#include "net/walk_post.h"

#include "protocol/walk_json.h"
#include "protocol/websocket_frame.h"

#include <algorithm>
#include <span>
#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::net {

namespace asio = boost::asio;

void WalkPost::send(const asio::any_io_executor& control, const WebSocket::Socket::executor_type& thread,
                    std::weak_ptr<WebSocket> socket, const app::WalkNewsPtr& news) {
  if (bags_.empty()) asio::post(control, [this] { leave(); });
  auto bag = std::find_if(bags_.begin(), bags_.end(), [&](const Bag& each) { return each.thread == thread; });
  if (bag == bags_.end()) bag = bags_.insert(bag, Bag{thread, {}});
  bag->letters.push_back({std::move(socket), frame_of(news)});
}

protocol::FramePtr WalkPost::frame_of(const app::WalkNewsPtr& news) {
  if (news_ != news) {
    frame_ = protocol::text_frame(protocol::print_walk_state(*news->walk, news->keys));
    news_ = news;
  }
  return frame_;
}

void WalkPost::leave() {
  for (auto& [thread, letters] : std::exchange(bags_, {})) {
    asio::post(thread, [letters = std::move(letters)] { deliver(letters); });
  }
}

// Written at once: at the end of the thread's turn it would be behind what has been queued since.
void WalkPost::deliver(const std::vector<Letter>& letters) {
  for (const auto& [weak, frame] : letters) {
    const auto socket = weak.lock();
    if (!socket) continue;
    // iovec serves reading too, so its pointer is not const; writing does not write through it.
    iovec part{const_cast<std::uint8_t*>(frame->bytes.data()), frame->bytes.size()};
    socket->send_now(std::span(&frame, 1), std::span(&part, 1), part.iov_len, FrameKind::control);
  }
}

}  // namespace tutti::net
