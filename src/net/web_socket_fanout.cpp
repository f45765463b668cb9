#include "net/web_socket_fanout.h"

#include <algorithm>
#include <utility>

namespace tutti::net {
namespace {

// More than these in one interval go out at once: one system call takes no more than 1,024.
constexpr std::size_t kMostWaiting = 512;

}  // namespace

WebSocketFanout::WebSocketFanout(boost::asio::io_context& context, Duration interval, FrameKind kind)
    : interval_(interval), kind_(kind), timer_(context) {}

void WebSocketFanout::remove(const WebSocket& socket) {
  std::erase_if(sockets_, [&](const auto& each) { return each.get() == &socket; });
}

void WebSocketFanout::push(protocol::FramePtr frame) {
  waiting_.push_back(std::move(frame));
  if (waiting_.size() >= kMostWaiting) return flush();
  if (waiting_.size() > 1) return;
  timer_.expires_after(interval_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) flush();
  });
}

void WebSocketFanout::flush() {
  const auto frames = std::exchange(waiting_, {});
  if (frames.empty()) return;
  std::vector<iovec> parts;
  std::size_t bytes = 0;
  for (const auto& frame : frames) {
    // iovec serves reading too, so its pointer is not const; writing does not write through it.
    parts.push_back({const_cast<std::uint8_t*>(frame->bytes.data()), frame->bytes.size()});
    bytes += frame->bytes.size();
  }
  for (std::size_t i = 0; i < sockets_.size();) {
    if (!sockets_[i]->is_open()) {
      sockets_[i] = std::move(sockets_.back());
      sockets_.pop_back();
      continue;
    }
    sockets_[i++]->send_now(frames, parts, bytes, kind_);
  }
}

}  // namespace tutti::net
