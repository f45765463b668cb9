// A TCP stream that knows when what it gives had come, however long its reader took to wake. To be read
// through a layer like Beast's WebSocket, which keeps the time that reading may take.
#pragma once

#include "base/stamped_read.h"
#include "player/times.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/teardown.hpp>

namespace tutti::player {

class StampedStream {
 public:
  using next_layer_type = boost::beast::tcp_stream;
  using executor_type = next_layer_type::executor_type;

  explicit StampedStream(const boost::asio::any_io_executor& executor) : next_(executor) {}

  executor_type get_executor() { return next_.get_executor(); }
  next_layer_type& next_layer() { return next_; }
  const next_layer_type& next_layer() const { return next_; }

  // Once it is connected.
  void begin_stamping() { stamp_arrivals(next_.socket().native_handle()); }
  // When the last of what was read last had come.
  ClientTime arrived() const { return arrived_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
        Reading<Buffers>{*this, buffers}, token, next_);
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return next_.async_write_some(buffers, std::forward<Token>(token));
  }

 private:
  template <class Buffers>
  struct Reading {
    StampedStream& stream;
    Buffers buffers;
    bool has_waited = false;

    template <class Self>
    void operator()(Self& self, boost::system::error_code error = {}) {
      namespace asio = boost::asio;
      if (std::exchange(has_waited, true)) {
        std::size_t bytes = 0;
        if (!error) error = stream.read(first_of(buffers), bytes);
        if (error != asio::error::would_block) return self.complete(error, bytes);
      }
      stream.next_.socket().async_wait(asio::ip::tcp::socket::wait_read, std::move(self));
    }
  };

  // Filling one is enough: who reads reads on.
  template <class Buffers>
  static boost::asio::mutable_buffer first_of(const Buffers& buffers) {
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto each = boost::asio::buffer_sequence_begin(buffers); each != end; ++each) {
      if (const boost::asio::mutable_buffer buffer = *each; buffer.size() > 0) return buffer;
    }
    return {};
  }

  boost::system::error_code read(boost::asio::mutable_buffer into, std::size_t& bytes) {
    namespace asio = boost::asio;
    if (into.size() == 0) return {};
    const auto [got, ago] =
        read_stamped(next_.socket().native_handle(), {static_cast<std::uint8_t*>(into.data()), into.size()});
    if (got > 0) {
      arrived_ = client_now() - ago;
      bytes = static_cast<std::size_t>(got);
      return {};
    }
    if (got == 0) return asio::error::eof;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return asio::error::would_block;
    return {errno, boost::system::system_category()};
  }

  next_layer_type next_;
  ClientTime arrived_{};
};

// How Beast's WebSocket ends it.
inline void teardown(boost::beast::role_type role, StampedStream& stream, boost::system::error_code& error) {
  boost::beast::websocket::teardown(role, stream.next_layer().socket(), error);
}
template <class Handler>
void async_teardown(boost::beast::role_type role, StampedStream& stream, Handler&& handler) {
  boost::beast::websocket::async_teardown(role, stream.next_layer().socket(), std::forward<Handler>(handler));
}

}  // namespace tutti::player
