#include "protocol/websocket_frame.h"

#include <algorithm>
#include <string>

namespace tutti::protocol {
namespace {

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kContinuation = 0x0, kText = 0x1, kBinary = 0x2, kClose = 0x8, kPing = 0x9,
                       kPong = 0xA;
constexpr std::size_t kMostControl = 125;
constexpr std::size_t kMostReason = kMostControl - 2;

FramePtr make_frame(std::uint8_t opcode, std::span<const std::uint8_t> payload, std::uint8_t final = kFinal,
                    std::span<const std::uint8_t> rest = {}) {
  auto frame = std::make_shared<Frame>();
  auto& out = frame->bytes;
  const std::size_t size = payload.size() + rest.size();
  const int length_bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  out.reserve(size + 2 + static_cast<std::size_t>(length_bytes));
  out.push_back(final | opcode);
  out.push_back(static_cast<std::uint8_t>(length_bytes == 0 ? size : length_bytes == 2 ? 126 : 127));
  for (int i = length_bytes - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
  out.insert(out.end(), payload.begin(), payload.end());
  out.insert(out.end(), rest.begin(), rest.end());
  return frame;
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0u) == 0x80u) --most;
  return text.substr(0, most);
}

}  // namespace

FramePtr text_frame(std::string_view text) { return make_frame(kText, bytes_of(text)); }

FramePtr binary_frame(std::span<const std::uint8_t> payload) { return make_frame(kBinary, payload); }

FramePtr binary_frame(std::span<const std::uint8_t> head, std::span<const std::uint8_t> rest) {
  return make_frame(kBinary, head, kFinal, rest);
}

FramePtr binary_fragment(std::span<const std::uint8_t> payload, bool is_first, bool is_last) {
  return make_frame(is_first ? kBinary : kContinuation, payload, is_last ? kFinal : std::uint8_t{0});
}

FramePtr ping_frame(std::string_view payload) {
  return make_frame(kPing, bytes_of(payload.substr(0, kMostControl)));
}

FramePtr pong_frame(std::string_view payload) {
  return make_frame(kPong, bytes_of(payload.substr(0, kMostControl)));
}

FramePtr close_frame(std::uint16_t code, std::string_view reason) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  payload += cut(reason, kMostReason);
  return make_frame(kClose, bytes_of(payload));
}

}  // namespace tutti::protocol
