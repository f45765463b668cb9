// Tells a TLS client that knocked at the plain port, so that it is shown the door at once and the log says
// why.
#pragma once

#include <cstdint>
#include <span>

namespace tutti::protocol {

// A TLS record of type handshake, SSL 3.0 to TLS 1.3 (RFC 8446, 5.1: content type 22, major version 3). False
// while fewer than three bytes are there.
inline bool is_tls_hello(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 3 && bytes[0] == 0x16 && bytes[1] == 0x03 && bytes[2] <= 0x04;
}

}  // namespace tutti::protocol
