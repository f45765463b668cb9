// A connection while HTTP is spoken on it, as Beast wants it: an AsyncStream with a deadline, plain or TLS
// alike. It keeps no bytes of its own, so that the connection can become a listener's with nothing left in
// between; that is why it is neither boost::beast::tcp_stream nor boost::asio::ssl::stream.
#pragma once

#include "net/connection.h"

#include <array>
#include <chrono>
#include <memory>
#include <utility>

#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tutti::net {

class ConnectionStream {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using executor_type = Socket::executor_type;

  explicit ConnectionStream(Socket socket);
  ~ConnectionStream() { expires_never(); }
  ConnectionStream(const ConnectionStream&) = delete;
  ConnectionStream& operator=(const ConnectionStream&) = delete;

  executor_type get_executor() { return socket_->get_executor(); }
  Socket& socket() { return *socket_; }
  const Socket& socket() const { return *socket_; }
  bool is_secure() const { return wire_.is_secure(); }
  // From now on through TLS; async_handshake() comes next.
  void secure(SslPtr ssl) { wire_ = Wire(std::move(ssl)); }

  // When what is under way fails and the connection is closed.
  void expires_after(std::chrono::steady_clock::duration time);
  void expires_never() { deadline_.cancel(); }
  void close();
  // Tells the peer that nothing more comes.
  void shutdown_send();
  // Afterwards the stream is over.
  Connection release();

  // void(error): when the peer has sent something, which is not taken.
  template <class Token>
  auto async_wait_input(Token&& token) {
    return socket_->async_wait(Socket::wait_read, std::forward<Token>(token));
  }
  // void(error): when the socket takes more.
  template <class Token>
  auto async_wait_room(Token&& token) {
    return socket_->async_wait(Socket::wait_write, std::forward<Token>(token));
  }
  // void(error, 0)
  template <class Token>
  auto async_handshake(Token&& token) {
    return start([this](std::size_t&) { return handshake(); }, std::forward<Token>(token));
  }
  // void(error, bytes), one of them at a time
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return start([this, buffer = first_of(buffers)](std::size_t& bytes) { return read(buffer, bytes); },
                 std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return start([this, parts = parts_of(buffers)](std::size_t& bytes) { return write(parts, bytes); },
                 std::forward<Token>(token));
  }

 private:
  using Error = boost::system::error_code;
  enum class Step { done, wait_read, wait_write, failed };
  // The first pieces of what is to be written; Beast hands over a head and a body in a handful.
  struct Parts {
    std::array<iovec, 16> of;
    std::size_t count = 0;
  };

  Step handshake();
  Step read(boost::asio::mutable_buffer buffer, std::size_t& bytes);
  Step write(const Parts& parts, std::size_t& bytes);

  template <class Buffers>
  static boost::asio::mutable_buffer first_of(const Buffers& buffers) {
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end; ++at) {
      if (boost::asio::mutable_buffer(*at).size() > 0) return *at;
    }
    return {};
  }
  template <class Buffers>
  static Parts parts_of(const Buffers& buffers) {
    Parts out;
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end && out.count < out.of.size();
         ++at) {
      const boost::asio::const_buffer buffer(*at);
      if (buffer.size() > 0) out.of[out.count++] = {const_cast<void*>(buffer.data()), buffer.size()};
    }
    return out;
  }

  // Tries until it is done, waiting for the socket in between. Never completes within the call.
  template <class Try, class Token>
  auto start(Try attempt, Token&& token) {
    auto run = [socket = socket_, attempt = std::move(attempt), posted = false](auto& self,
                                                                                Error error = {}) mutable {
      if (!std::exchange(posted, true)) return boost::asio::post(socket->get_executor(), std::move(self));
      if (!error && !socket->is_open()) error = boost::asio::error::operation_aborted;
      if (error) return self.complete(error, 0);
      std::size_t bytes = 0;
      switch (attempt(bytes)) {
        case Step::done:
          return self.complete({}, bytes);
        case Step::wait_read:
          return socket->async_wait(Socket::wait_read, std::move(self));
        case Step::wait_write:
          return socket->async_wait(Socket::wait_write, std::move(self));
        case Step::failed:
          return self.complete(boost::asio::error::eof, 0);
      }
    };
    return boost::asio::async_compose<Token, void(Error, std::size_t)>(std::move(run), token, *socket_);
  }

  std::shared_ptr<Socket> socket_;  // shared with the deadline, which may come while this goes away
  Wire wire_;
  std::size_t taken_ = 0;  // of the write that is under way
  boost::asio::steady_timer deadline_;
};

}  // namespace tutti::net
