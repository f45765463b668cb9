#include "net/web_sockets.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::net {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kReadBuffer = 64 * 1024;
constexpr auto kStopTimeout = 1s;

protocol::FramePtr raw(std::string_view bytes) {
  auto out = std::make_shared<protocol::Frame>();
  out->bytes.assign(bytes.begin(), bytes.end());
  return out;
}

}  // namespace

WebSockets::WebSockets(boost::asio::io_context& context, Events events)
    : context_(context), events_(std::move(events)), timer_(context), read_buffer_(kReadBuffer) {}

WebSockets::~WebSockets() { abort(); }

std::shared_ptr<WebSocket> WebSockets::open(Connection connection, std::string_view head,
                                            std::string_view already_read, const WebSocketLimits& limits,
                                            const MakeHandler& make) {
  auto added = std::make_shared<WebSocket>(std::move(connection), *this, limits, raw(head));
  auto handler = make(*added);
  added->slot_ = static_cast<std::uint32_t>(next_slot_);
  added->place_ = static_cast<std::uint32_t>(slots_[next_slot_].size());
  slots_[next_slot_].push_back(added);
  next_slot_ = (next_slot_ + 1) % kSlots;
  ++size_;
  added->start(std::move(handler), already_read);
  if (is_stopping_) added->close(protocol::kCloseGoingAway, "the server is stopping");
  if (!std::exchange(is_ticking_, true)) schedule();
  return added;
}

void WebSockets::remove(WebSocket& socket) {
  auto& slot = slots_[socket.slot_];
  slot.back()->place_ = socket.place_;
  std::swap(slot[socket.place_], slot.back());
  slot.pop_back();
  --size_;
  events_.one_ended();
}

void WebSockets::flush_soon(std::shared_ptr<WebSocket> socket) {
  if (dirty_.empty()) boost::asio::post(context_, [this] { flush_all(); });
  dirty_.push_back(std::move(socket));
}

void WebSockets::flush_all() {
  flushing_.swap(dirty_);  // what is sent meanwhile is for the next turn
  for (const auto& socket : flushing_) socket->flush();
  flushing_.clear();
}

void WebSockets::watch_closing(std::shared_ptr<WebSocket> socket) {
  closing_.push_back(std::move(socket));
  if (!std::exchange(is_ticking_, true)) schedule();
}

void WebSockets::schedule() {
  timer_.expires_after(is_stopping_ ? 100ms : 1000ms);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    is_ticking_ = false;
    tick(now());
    if (size_ > 0 && !std::exchange(is_ticking_, true)) schedule();
  });
}

void WebSockets::tick(ServerTime now) {
  end_late(now);
  auto& slot = slots_[visited_];
  visited_ = (visited_ + 1) % kSlots;
  for (std::size_t i = 0; i < slot.size();) {
    const auto socket = slot[i];
    if (!socket->check(now)) socket->finish(protocol::kCloseLost);
    if (i < slot.size() && slot[i] == socket) ++i;
  }
}

void WebSockets::end_late(ServerTime now) {
  std::vector<std::shared_ptr<WebSocket>> late;
  std::erase_if(closing_, [&](const auto& socket) {
    const bool is_late =
        socket->is_late(now, is_stopping_ ? Duration(kStopTimeout) : Duration(kCloseTimeout));
    if (is_late) late.push_back(socket);
    return is_late || socket->state_ == WebSocket::State::over;
  });
  for (const auto& socket : late) socket->finish(socket->code_);
}

void WebSockets::stop() {
  is_stopping_ = true;
  for (const auto& slot : slots_) {
    for (const auto& socket : slot) socket->close(protocol::kCloseGoingAway, "the server is stopping");
  }
  is_ticking_ = size_ > 0;
  if (is_ticking_) {
    schedule();  // more often now
  } else {
    timer_.cancel();
  }
}

void WebSockets::abort() {
  for (auto& slot : slots_) {
    while (!slot.empty()) {
      const auto socket = slot.back();
      socket->finish(protocol::kCloseGoingAway);
    }
  }
  timer_.cancel();
  is_ticking_ = false;
}

}  // namespace tutti::net
