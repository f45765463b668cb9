// A connection that nothing watches. Who writes at a pace of their own needs no word from a reactor, so its
// socket takes none of a reactor's memory and none of its wake-ups.
#pragma once

#include "net/connection.h"

#include <poll.h>
#include <unistd.h>
#include <utility>

namespace tutti::net {

class QuietConnection {
 public:
  // Takes the descriptor out of its reactor. A socket that cannot be taken out is closed.
  explicit QuietConnection(Connection connection) : wire_(std::move(connection.wire)) {
    boost::system::error_code error;
    const int descriptor = connection.socket.release(error);
    if (!error) descriptor_ = descriptor;
  }
  QuietConnection(QuietConnection&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), wire_(std::move(other.wire_)) {}
  QuietConnection& operator=(QuietConnection&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(wire_, other.wire_);
    return *this;
  }
  ~QuietConnection() { close(); }

  bool is_open() const { return descriptor_ >= 0; }
  // See Wire; never waits.
  std::optional<std::size_t> write(std::span<const iovec> parts) { return wire_.write(descriptor_, parts); }
  bool has_pending() const { return wire_.has_pending(); }
  // For one whose socket took no more: whether it does now, or has an error to tell. A question to the
  // kernel.
  bool is_writable() const {
    pollfd asked{descriptor_, POLLOUT, 0};
    return ::poll(&asked, 1, 0) > 0;
  }
  void close() {
    if (is_open()) ::close(std::exchange(descriptor_, -1));
  }

 private:
  int descriptor_ = -1;
  Wire wire_;
};

}  // namespace tutti::net
