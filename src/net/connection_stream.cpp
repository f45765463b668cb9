#include "net/connection_stream.h"

namespace tutti::net {

ConnectionStream::ConnectionStream(Socket socket)
    : socket_(std::make_shared<Socket>(std::move(socket))), deadline_(socket_->get_executor()) {
  Error ignored;  // a socket that is lost already is found out by the first read
  socket_->native_non_blocking(true, ignored);
}

void ConnectionStream::expires_after(std::chrono::steady_clock::duration time) {
  deadline_.expires_after(time);
  deadline_.async_wait([weak = std::weak_ptr(socket_)](const Error& error) {
    const auto socket = weak.lock();
    if (error || !socket) return;
    Error ignored;
    socket->close(ignored);
  });
}

void ConnectionStream::close() {
  expires_never();
  Error ignored;
  socket_->close(ignored);
}

void ConnectionStream::shutdown_send() {
  wire_.finish();
  Error ignored;
  socket_->shutdown(Socket::shutdown_send, ignored);
}

Connection ConnectionStream::release() {
  expires_never();
  return {std::move(*socket_), std::move(wire_)};
}

ConnectionStream::Step ConnectionStream::handshake() {
  switch (wire_.handshake()) {
    case Wire::Handshake::done:
      return Step::done;
    case Wire::Handshake::wants_read:
      return Step::wait_read;
    case Wire::Handshake::wants_write:
      return Step::wait_write;
    case Wire::Handshake::failed:
      break;
  }
  return Step::failed;
}

ConnectionStream::Step ConnectionStream::read(boost::asio::mutable_buffer buffer, std::size_t& bytes) {
  if (buffer.size() == 0) return Step::done;
  const auto input =
      wire_.read(socket_->native_handle(), {static_cast<std::uint8_t*>(buffer.data()), buffer.size()});
  bytes = input.bytes;
  switch (input.state) {
    case Wire::Input::State::some:
      return Step::done;
    case Wire::Input::State::none:
      return Step::wait_read;
    case Wire::Input::State::ended:
      break;
  }
  return Step::failed;
}

ConnectionStream::Step ConnectionStream::write(const Parts& parts, std::size_t& bytes) {
  if (parts.count == 0) return Step::done;
  // What the wire has taken is reported when it has gone out: after a reply's last byte nobody would push it.
  const std::size_t count = taken_ == 0 ? parts.count : 0;
  const auto taken = wire_.write(socket_->native_handle(), std::span(parts.of).first(count));
  if (!taken) return Step::failed;
  taken_ += *taken;
  if (taken_ == 0 || wire_.has_pending()) return Step::wait_write;
  bytes = std::exchange(taken_, 0);
  return Step::done;
}

}  // namespace tutti::net
