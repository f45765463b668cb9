// One non-blocking write of many pieces.
#pragma once

#include <cerrno>
#include <cstddef>
#include <optional>
#include <span>
#include <sys/socket.h>
#include <sys/uio.h>

namespace tutti::net {

// How many bytes the socket took, 0 where it takes none now. nullopt: the connection is lost.
inline std::optional<std::size_t> gather_write(int socket, std::span<iovec> parts) {
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  for (;;) {
    const ssize_t sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    if (errno != EINTR) return std::nullopt;
  }
}

}  // namespace tutti::net
