#include "net/tls_context.h"

#include <algorithm>
#include <array>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <span>
#include <string_view>
#include <utility>

namespace tutti::net {
namespace {

// What OpenSSL says of its last error; its queue is empty afterwards.
std::string last_error() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return reason ? reason : "unknown error";
}

// The protocol of the client's list that is spoken here; where there is none, the connection goes on without.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  constexpr std::string_view kHttp = "http/1.1";
  std::span rest(offered, offered_size);
  while (!rest.empty() && rest[0] < rest.size()) {
    const auto name = rest.subspan(1, rest[0]);
    if (std::equal(name.begin(), name.end(), kHttp.begin(), kHttp.end())) {
      *chosen = name.data();
      *chosen_size = rest[0];
      return SSL_TLSEXT_ERR_OK;
    }
    rest = rest.subspan(1 + name.size());
  }
  return SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

void SslFree::operator()(SSL* ssl) const { SSL_free(ssl); }

TlsContext::TlsContext(std::string certificate, std::string key)
    : certificate_(std::move(certificate)), key_(std::move(key)) {}

Result<std::unique_ptr<TlsContext>> TlsContext::open(std::string certificate, std::string key) {
  std::unique_ptr<TlsContext> out(new TlsContext(std::move(certificate), std::move(key)));
  if (auto loaded = out->reload(); !loaded) return tl::make_unexpected(loaded.error());
  return out;
}

Result<void> TlsContext::reload() {
  auto fresh = load();
  if (!fresh) return tl::make_unexpected(fresh.error());
  context_ = std::move(*fresh);
  return {};
}

Result<TlsContext::Shared> TlsContext::load() const {
  const Shared context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return fail("TLS cannot be set up: " + last_error());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                         SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_COMPRESSION);
  // A listener's buffers are given back between two writes: there are many listeners.
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  // A session is resumed from the client's ticket; none is kept here.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_.c_str()) != 1) {
    return fail("cannot use the certificate " + certificate_ + ": " + last_error() +
                "; --tls-cert takes a PEM file");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_.c_str(), SSL_FILETYPE_PEM) != 1) {
    return fail("cannot use the key " + key_ + ": " + last_error() +
                "; --tls-key takes the PEM file of --tls-cert's key");
  }
  return context;
}

SslPtr TlsContext::accept(int socket) const {
  const Shared context = context_.load();
  SslPtr ssl(SSL_new(context.get()));
  if (!ssl || SSL_set_fd(ssl.get(), socket) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  SSL_set_accept_state(ssl.get());
  return ssl;
}

}  // namespace tutti::net
