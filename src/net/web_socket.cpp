#include "net/web_socket.h"

#include "base/log.h"
#include "base/stamped_read.h"
#include "base/utf8.h"
#include "net/web_sockets.h"

#include <algorithm>
#include <array>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::net {
namespace {

using protocol::WebSocketEvent;

// Before others of the thread have their turn.
constexpr int kReadsPerTurn = 4;
constexpr std::size_t kMostParts = 64;

}  // namespace

WebSocket::WebSocket(Connection connection, WebSockets& owner, const WebSocketLimits& limits,
                     protocol::FramePtr head)
    : socket_(std::move(connection.socket)),
      wire_(std::move(connection.wire)),
      owner_(owner),
      limits_(limits),
      reader_(limits.max_message, wire_.is_masking() ? protocol::WebSocketReader::Peer::server
                                                     : protocol::WebSocketReader::Peer::client),
      bucket_(limits.frames_per_second, limits.frames_at_once, owner.now()),
      heard_at_(owner.now()),
      pinged_at_(heard_at_) {
  if (!head->bytes.empty()) outbox_.push(std::move(head), FrameKind::control, 0, limits_);
}

WebSocket::~WebSocket() = default;

// An exception of the protocol's ends its connection, not the thread's turn.
template <class Call>
void WebSocket::guarded(Call call) {
  if (state_ != State::open) return;
  try {
    call();
  } catch (const std::exception& e) {
    log::error("a WebSocket's protocol failed: {}", e.what());
    fail(protocol::kCloseInternal, "an internal error");
  }
}

void WebSocket::start(std::unique_ptr<WebSocketHandler> handler, std::string_view already_read) {
  boost::system::error_code ignored;
  socket_.set_option(boost::asio::socket_base::send_buffer_size(limits_.send_buffer), ignored);
  if (limits_.is_timed) stamp_arrivals(socket_.native_handle());
  handler_ = std::move(handler);
  flush_soon();
  guarded([&] { handler_->on_open(); });
  if (!already_read.empty()) {
    take({reinterpret_cast<const std::uint8_t*>(already_read.data()), already_read.size()}, Duration(0));
  }
  wait_for_input();
}

// --- reading

void WebSocket::wait_for_input() {
  if (wire_.has_unread()) {  // of which the socket says nothing
    return boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
      if (self->state_ != State::over) self->read();
    });
  }
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->read();
  });
}

void WebSocket::read() {
  const auto buffer = owner_.read_buffer();
  for (int i = 0; i < kReadsPerTurn && state_ != State::over; ++i) {
    const auto input = wire_.read(socket_.native_handle(), buffer);
    if (input.state == Wire::Input::State::none) break;
    if (input.state == Wire::Input::State::ended) {
      return finish(state_ == State::open ? std::uint16_t{protocol::kCloseLost} : code_);
    }
    take(buffer.first(input.bytes), input.ago);
    if (input.bytes < buffer.size() && !wire_.has_unread()) break;
  }
  if (state_ != State::over) wait_for_input();
}

void WebSocket::take(std::span<const std::uint8_t> bytes, Duration ago) {
  heard_at_ = owner_.now();
  arrived_at_ = heard_at_ - ago;
  if (state_ == State::failing || state_ == State::answering) return;
  const bool was_at_rest = reader_.is_at_rest();
  reader_.feed(bytes);
  for (;;) {
    const std::uint64_t before = reader_.frames();
    const auto event = reader_.next();
    if (!is_within_rate(before)) return fail(protocol::kClosePolicy, "too many messages in a short time");
    if (!event) break;
    dispatch(*event);
    if (state_ == State::failing || state_ == State::answering || state_ == State::over) return;
  }
  if (was_at_rest) message_at_ = heard_at_;
}

bool WebSocket::is_within_rate(std::uint64_t frames_before) {
  const std::uint64_t frames = reader_.frames() - frames_before;
  return frames == 0 || bucket_.take(static_cast<float>(frames), heard_at_);
}

void WebSocket::dispatch(const WebSocketEvent& event) {
  switch (event.kind) {
    case WebSocketEvent::Kind::text:
      message_at_ = heard_at_;
      return guarded([&] { handler_->on_text(event.payload); });
    case WebSocketEvent::Kind::binary: {
      message_at_ = heard_at_;
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(event.payload.data());
      return guarded([&] { handler_->on_binary({bytes, event.payload.size()}); });
    }
    case WebSocketEvent::Kind::ping:
      outbox_.push_pong(protocol::pong_frame(event.payload));
      return flush_soon();
    case WebSocketEvent::Kind::pong:
      return;  // any byte is a sign of life
    case WebSocketEvent::Kind::close:
      return on_peer_close(event.code);
    case WebSocketEvent::Kind::violation:
      return fail(event.code, event.payload);
  }
}

void WebSocket::on_peer_close(std::uint16_t code) {
  const bool was_open = state_ == State::open;
  if (was_open) {
    outbox_.clear_unsent();
    leave(State::answering, code, "");
    return;
  }
  state_ = State::answering;  // ours is on its way, or there already
  flush_soon();
}

// --- writing

void WebSocket::send(protocol::FramePtr frame, FrameKind kind, std::uint16_t key) {
  if (state_ != State::open || is_lost_) return;
  if (!outbox_.push(std::move(frame), kind, key, limits_)) {
    return fail(protocol::kCloseTryLater, "what is sent is not being read");
  }
  flush_soon();
}

void WebSocket::send_now(std::span<const protocol::FramePtr> frames, std::span<iovec> parts,
                         std::size_t bytes, FrameKind kind) {
  for (std::size_t i = offer(frames, parts, bytes, kind); i < frames.size(); ++i) send(frames[i], kind);
}

std::size_t WebSocket::offer(std::span<const protocol::FramePtr> frames, std::span<iovec> parts,
                             std::size_t bytes, FrameKind kind) {
  if (state_ != State::open || is_lost_ || is_blocked_ || !outbox_.empty()) return 0;
  const auto sent = wire_.write(socket_.native_handle(), parts);
  if (sent == bytes && !wire_.has_pending()) return frames.size();
  is_lost_ = !sent;
  if (is_lost_) {
    flush_soon();
    return 0;
  }
  std::size_t count = 0;
  std::size_t rest = *sent;
  while (count < frames.size() && rest >= frames[count]->bytes.size()) rest -= frames[count++]->bytes.size();
  if (rest > 0) outbox_.push_rest(frames[count++], kind, rest);
  wait_for_room();
  return count;
}

void WebSocket::ask_for_urgent() {
  if (state_ != State::open) return;
  has_urgent_ = true;
  flush_soon();
}

void WebSocket::flush_soon() {
  if (!std::exchange(is_dirty_, true)) owner_.flush_soon(shared_from_this());
}

void WebSocket::flush() {
  is_dirty_ = false;
  if (state_ == State::over) return;
  if (is_lost_) return finish(protocol::kCloseLost);
  if (is_blocked_) return;
  if (std::exchange(has_urgent_, false) && state_ == State::open) {
    guarded([&] {
      auto frames = handler_->urgent();
      std::ranges::reverse(frames);
      for (auto& frame : frames) outbox_.push_first(std::move(frame));
    });
  }
  while (!outbox_.empty() || wire_.has_pending()) {
    std::array<iovec, kMostParts> parts;
    const std::size_t count = outbox_.gather(parts);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < count; ++i) bytes += parts[i].iov_len;
    const auto sent = wire_.write(socket_.native_handle(), {parts.data(), count});
    if (!sent) return finish(state_ == State::open ? std::uint16_t{protocol::kCloseLost} : code_);
    outbox_.advance(*sent);
    if (*sent < bytes || wire_.has_pending()) return wait_for_room();
  }
  on_flushed();
}

void WebSocket::wait_for_room() {
  is_blocked_ = true;
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const boost::system::error_code& error) {
    if (error) return;
    self->is_blocked_ = false;
    self->heard_at_ = self->owner_.now();  // it has read something
    self->flush();
    if (self->outbox_.empty()) self->guarded([&] { self->handler_->on_drained(); });
  });
}

void WebSocket::on_flushed() {
  if (state_ == State::answering) return finish(code_);
  if (state_ != State::failing || std::exchange(is_shut_, true)) return;
  // Closed at once, with something of the peer's unread, the kernel would throw away what was just sent.
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

// --- closing

void WebSocket::close(std::uint16_t code, std::string_view reason) {
  if (state_ == State::open) leave(State::closing, code, reason);
}

void WebSocket::leave(State next, std::uint16_t code, std::string_view reason) {
  state_ = next;
  code_ = code;
  closing_at_ = owner_.now();
  outbox_.finish(protocol::close_frame(
      code == protocol::kCloseNoCode ? std::uint16_t{protocol::kCloseNormal} : code, to_valid_utf8(reason)));
  owner_.watch_closing(shared_from_this());
  flush_soon();
}

void WebSocket::fail(std::uint16_t code, std::string_view reason) {
  log::debug("a WebSocket was closed with {}: {}", code, reason);
  if (state_ != State::open) {
    state_ = State::failing;  // its close frame is on its way
    return flush_soon();
  }
  outbox_.clear_unsent();
  leave(State::failing, code, reason);
}

bool WebSocket::is_late(ServerTime now, Duration patience) {
  if (state_ == State::open || state_ == State::over) return false;
  int in_kernel = 0;
  ::ioctl(socket_.native_handle(), SIOCOUTQ, &in_kernel);
  const std::size_t untaken = outbox_.bytes() + static_cast<std::size_t>(in_kernel);
  if (untaken < untaken_) closing_at_ = now;
  untaken_ = untaken;
  const bool takes_its_time =
      untaken > 0 && state_ == State::closing && patience >= WebSockets::kCloseTimeout;
  return now - closing_at_ >= (takes_its_time ? Duration(WebSockets::kSilence) : patience);
}

bool WebSocket::check(ServerTime now) {
  if (state_ != State::open) return true;  // closing has its own limit
  if (now - heard_at_ >= WebSockets::kSilence) return false;
  if (!reader_.is_at_rest() && now - message_at_ >= WebSockets::kMessageTimeout) {
    fail(protocol::kClosePolicy, "a message was begun and not finished in time");
    return true;
  }
  if (now - pinged_at_ >= WebSockets::kPingInterval - std::chrono::seconds(1)) {
    pinged_at_ = now;
    outbox_.push_ping(protocol::ping_frame(""));
    flush_soon();
  }
  return true;
}

void WebSocket::finish(std::uint16_t code) {
  if (std::exchange(state_, State::over) == State::over) return;
  const auto self = shared_from_this();
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (!handler_) return;  // making it failed: it was never kept
  handler_->on_closed(code);
  handler_.reset();
  owner_.remove(*this);
}

}  // namespace tutti::net
