#include "net/wire.h"

#include "base/secret.h"
#include "base/stamped_read.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace tutti::net {
namespace {

constexpr std::size_t kRecord = 16 * 1024;  // RFC 8446, 5.1: the most that one record holds

std::optional<std::size_t> write_plain(int socket, std::span<const iovec> parts) {
  msghdr message{};
  // sendmsg() serves many, so its pointer is not const; it does not write through it.
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  for (;;) {
    const ssize_t sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    if (errno != EINTR) return std::nullopt;
  }
}

Wire::Input read_plain(int socket, std::span<std::uint8_t> buffer) {
  for (;;) {
    const auto [got, ago] = read_stamped(socket, buffer);
    if (got > 0) return {Wire::Input::State::some, static_cast<std::size_t>(got), ago};
    if (got < 0 && errno == EINTR) continue;
    const bool would_block = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    return {would_block ? Wire::Input::State::none : Wire::Input::State::ended};
  }
}

// Copies from the pieces, from byte `from` of them all on, as much as fits.
std::size_t copy(std::span<const iovec> parts, std::size_t from, std::span<std::uint8_t> out) {
  std::size_t copied = 0;
  for (const auto& part : parts) {
    if (from >= part.iov_len) {
      from -= part.iov_len;
      continue;
    }
    const auto* bytes = static_cast<const std::uint8_t*>(part.iov_base) + from;
    const std::size_t size = std::min(part.iov_len - from, out.size() - copied);
    std::copy_n(bytes, size, out.begin() + static_cast<std::ptrdiff_t>(copied));
    copied += size;
    from = 0;
    if (copied == out.size()) break;
  }
  return copied;
}

}  // namespace

Wire::Handshake Wire::handshake() {
  if (!ssl_) return Handshake::done;
  ERR_clear_error();
  const int done = SSL_do_handshake(ssl_.get());
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

void Wire::finish() {
  if (!ssl_) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
}

std::optional<std::size_t> Wire::write(int socket, std::span<const iovec> parts) {
  if (masked_) return write_masked(socket, parts);
  return ssl_ ? write_secure(parts) : write_plain(socket, parts);
}

Wire::Input Wire::read(int socket, std::span<std::uint8_t> buffer) {
  if (!ssl_) return read_plain(socket, buffer);
  ERR_clear_error();
  std::size_t got = 0;
  const int done = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &got);
  if (done == 1) return {Input::State::some, got};
  const int why = SSL_get_error(ssl_.get(), done);
  const bool would_block = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
  return {would_block ? Input::State::none : Input::State::ended};
}

bool Wire::has_unread() const { return ssl_ && SSL_has_pending(ssl_.get()) == 1; }

// nullopt: lost. 0: nothing can be taken now. A record that OpenSSL has sealed but the socket did not take
// counts as taken: OpenSSL keeps it, and the sender may change its mind only about what comes after.
std::optional<std::size_t> Wire::write_record(std::span<const std::uint8_t> bytes) {
  ERR_clear_error();
  std::size_t sent = 0;
  const int done = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
  if (done == 1) return sent;
  if (SSL_get_error(ssl_.get(), done) != SSL_ERROR_WANT_WRITE) return std::nullopt;
  pending_ = bytes.size();
  return bytes.size();
}

// False: the connection is lost.
bool Wire::write_pending() {
  // OpenSSL sends the record that it has; of these bytes only their number counts.
  static const std::array<std::uint8_t, kRecord> kSameSize{};
  ERR_clear_error();
  std::size_t sent = 0;
  const int done = SSL_write_ex(ssl_.get(), kSameSize.data(), pending_, &sent);
  if (done == 1) {
    pending_ = 0;
    return true;
  }
  return SSL_get_error(ssl_.get(), done) == SSL_ERROR_WANT_WRITE;
}

std::optional<std::size_t> Wire::write_secure(std::span<const iovec> parts) {
  if (has_pending() && !write_pending()) return std::nullopt;
  std::array<std::uint8_t, kRecord> record;
  std::size_t taken = 0;
  while (!has_pending()) {
    const std::size_t size = copy(parts, taken, record);
    if (size == 0) break;
    const auto sent = write_record(std::span(record).first(size));
    if (!sent) return std::nullopt;
    taken += *sent;
  }
  return taken;
}

// --- masked

Wire Wire::masking() {
  Wire wire;
  const auto draw = [] {
    return std::bit_cast<protocol::WebSocketMasker::Key>(static_cast<std::uint32_t>(random_number()));
  };
  wire.masked_ = std::make_unique<Masked>(Masked{protocol::WebSocketMasker(draw), {}});
  return wire;
}

// False: the connection is lost.
bool Wire::push_masked(int socket) {
  auto& waiting = masked_->waiting;
  const iovec rest{waiting.data() + (waiting.size() - pending_), pending_};
  const auto sent = write_plain(socket, {&rest, 1});
  if (!sent) return false;
  pending_ -= *sent;
  if (pending_ == 0) waiting.clear();
  return true;
}

std::optional<std::size_t> Wire::write_masked(int socket, std::span<const iovec> parts) {
  if (has_pending() && !push_masked(socket)) return std::nullopt;
  std::array<std::uint8_t, kRecord> piece;
  std::size_t taken = 0;
  while (!has_pending()) {
    const std::size_t size = copy(parts, taken, piece);
    if (size == 0) break;
    masked_->masker.mask(std::span(piece).first(size), masked_->waiting);
    taken += size;
    pending_ = masked_->waiting.size();
    if (has_pending() && !push_masked(socket)) return std::nullopt;
  }
  return taken;
}

}  // namespace tutti::net
