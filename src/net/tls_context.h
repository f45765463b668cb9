// The certificate and the rules of TLS connections. Used by all I/O threads; reloaded by control.
#pragma once

#include "base/result.h"

#include <atomic>
#include <memory>
#include <openssl/types.h>
#include <string>

namespace tutti::net {

struct SslFree {
  void operator()(SSL* ssl) const;
};
using SslPtr = std::unique_ptr<SSL, SslFree>;

// TLS 1.2 and newer, ALPN http/1.1.
class TlsContext {
 public:
  // PEM files: the certificate with its chain, and its private key. Error: one cannot be read, is none, or
  // they do not belong together.
  static Result<std::unique_ptr<TlsContext>> open(std::string certificate, std::string key);

  // Reads the files again, for new connections. On an error the old ones go on serving.
  Result<void> reload();

  // The server's side of a connection over `socket`, which outlives it. nullptr: no memory.
  SslPtr accept(int socket) const;

 private:
  using Shared = std::shared_ptr<SSL_CTX>;
  TlsContext(std::string certificate, std::string key);
  Result<Shared> load() const;

  std::string certificate_, key_;
  std::atomic<Shared> context_;
};

}  // namespace tutti::net
