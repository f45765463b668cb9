// How bytes get into and out of a connected socket: as they are, through TLS, or masked. Non-blocking; the
// socket is the owner's, who waits for it. Belongs to one I/O thread.
#pragma once

#include "base/time.h"
#include "net/tls_context.h"
#include "protocol/websocket_masker.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <sys/uio.h>
#include <utility>
#include <vector>

namespace tutti::net {

class Wire {
 public:
  struct Input {
    enum class State {
      some,   // `bytes` of them, more than 0
      none,   // none now: wait until the socket is readable
      ended,  // the peer has ended the connection, or it is lost
    };
    State state;
    std::size_t bytes = 0;
    Duration ago{0};  // since the last of them had come, where the socket's arrivals are stamped
  };

  Wire() = default;  // plain
  explicit Wire(SslPtr ssl) : ssl_(std::move(ssl)) {}
  // Of a WebSocket that this side has asked for: what is written are frames as a server sends them, and go
  // out as a client's.
  static Wire masking();

  bool is_secure() const { return ssl_ != nullptr; }
  bool is_masking() const { return masked_ != nullptr; }

  enum class Handshake { done, wants_read, wants_write, failed };
  // Before the first byte; again when the socket is as wanted. Done at once where there is no TLS.
  Handshake handshake();
  // Tells the peer that nothing more comes; the socket is shut by its owner.
  void finish();

  // Many pieces in one write. How many bytes were taken, 0 where none are taken now. nullopt: the connection
  // is lost.
  std::optional<std::size_t> write(int socket, std::span<const iovec> parts);
  // A TLS record, or something masked, was taken that the socket did not take yet: it goes first at the next
  // write(), which may be one of nothing. Wait until the socket is writable.
  bool has_pending() const { return pending_ > 0; }

  Input read(int socket, std::span<std::uint8_t> buffer);
  // TLS has bytes that read() would give although the socket is not readable.
  bool has_unread() const;

 private:
  std::optional<std::size_t> write_record(std::span<const std::uint8_t> bytes);
  bool write_pending();
  std::optional<std::size_t> write_secure(std::span<const iovec> parts);

  struct Masked {
    protocol::WebSocketMasker masker;
    std::vector<std::uint8_t> waiting;
  };
  bool push_masked(int socket);
  std::optional<std::size_t> write_masked(int socket, std::span<const iovec> parts);

  SslPtr ssl_;
  std::unique_ptr<Masked> masked_;
  std::size_t pending_ = 0;  // bytes of the record that waits in ssl_, or the last ones of what waits masked
};

}  // namespace tutti::net
