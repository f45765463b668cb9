#include "websocket/client_wire.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace bench {
namespace {

std::size_t big_endian(std::string_view bytes) {
  std::size_t out = 0;
  for (const char byte : bytes) out = out << 8 | static_cast<std::uint8_t>(byte);
  return out;
}

}  // namespace

std::string upgrade_request(std::string_view path) {
  return "GET " + std::string(path) +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

std::string client_frame(Opcode opcode, std::string_view payload) {
  constexpr std::size_t kShort = 126;
  std::string out(1, static_cast<char>(0x80 | static_cast<int>(opcode)));
  if (payload.size() < kShort) {
    out += static_cast<char>(0x80 | payload.size());
  } else {
    out += static_cast<char>(0x80 | kShort);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size() & 0xFF);
  }
  out.append(4, '\0');
  return out.append(payload);
}

void FrameReader::take(std::string_view bytes, const OnFrame& on_frame) {
  rest_ += bytes;
  std::string_view left = rest_;
  if (!is_upgraded_) {
    const auto end = left.find("\r\n\r\n");
    if (end == left.npos) return;
    if (!left.starts_with("HTTP/1.1 101"))
      throw std::runtime_error("refused: " + std::string(left.substr(0, end)));
    is_upgraded_ = true;
    left.remove_prefix(end + 4);
  }
  while (left.size() >= 2) {
    const auto length = static_cast<std::uint8_t>(left[1]) & 0x7F;
    const std::size_t more = length < 126 ? 0 : length == 126 ? 2 : 8;
    if (left.size() < 2 + more) break;
    const std::size_t size = more == 0 ? static_cast<std::size_t>(length) : big_endian(left.substr(2, more));
    if (left.size() < 2 + more + size) break;
    on_frame(static_cast<Opcode>(left[0] & 0xF), left.substr(2 + more, size));
    left.remove_prefix(2 + more + size);
  }
  rest_.erase(0, rest_.size() - left.size());
}

}  // namespace bench
