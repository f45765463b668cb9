#include "loadgen/tls.h"

#include <cerrno>
#include <openssl/ssl.h>

namespace loadgen {
namespace {

SSL_CTX* shared_context() {
  static const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                         SSL_CTX_free);
  return context.get();
}

}  // namespace

void Tls::Free::operator()(SSL* ssl) const { SSL_free(ssl); }

Tls::Tls(int socket) : ssl_(SSL_new(shared_context())) { SSL_set_fd(ssl_.get(), socket); }

Tls::Handshake Tls::handshake() {
  const int done = SSL_connect(ssl_.get());
  if (done == 1) return Handshake::done;
  switch (SSL_get_error(ssl_.get(), done)) {
    case SSL_ERROR_WANT_READ:
      return Handshake::wants_read;
    case SSL_ERROR_WANT_WRITE:
      return Handshake::wants_write;
    default:
      return Handshake::failed;
  }
}

bool Tls::send(std::string_view text) {
  return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size());
}

ssize_t Tls::receive(std::span<char> buffer) {
  const int size = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
  if (size > 0) return size;
  if (SSL_get_error(ssl_.get(), size) != SSL_ERROR_WANT_READ) return 0;
  errno = EAGAIN;
  return -1;
}

}  // namespace loadgen
