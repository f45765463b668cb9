// The TLS of one connection, for as long as what arrives is looked at. What comes after that is only counted,
// as it is on the wire: records add some 0.2 % to the audio.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <sys/types.h>

using SSL = struct ssl_st;

namespace loadgen {

class Tls {
 public:
  enum class Handshake { done, wants_read, wants_write, failed };

  /// Any certificate is taken: it is the server's speed that is asked for.
  explicit Tls(int socket);

  /// Again whenever the socket is as wanted.
  Handshake handshake();
  bool send(std::string_view text);
  /// As recv(): 0 at the end, -1 with EAGAIN where nothing is there yet. It takes no more from the socket
  /// than whole records.
  ssize_t receive(std::span<char> buffer);

 private:
  struct Free {
    void operator()(SSL* ssl) const;
  };
  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace loadgen
