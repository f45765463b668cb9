#include "protocol/sendspin_binary.h"

namespace tutti::protocol::sendspin {
namespace {

constexpr std::uint8_t kAudio = 4, kFirstArtwork = 8, kLastArtwork = 11, kVisualizer = 16;

std::uint8_t type_of(BinaryKind kind) {
  if (kind.role == Role::artwork) return static_cast<std::uint8_t>(kFirstArtwork + kind.channel);
  return kind.role == Role::visualizer ? kVisualizer : kAudio;
}

std::optional<BinaryKind> kind_of(std::uint8_t type) {
  if (type == kAudio) return BinaryKind{Role::player, 0};
  if (type >= kFirstArtwork && type <= kLastArtwork) return BinaryKind{Role::artwork, type - kFirstArtwork};
  if (type == kVisualizer) return BinaryKind{Role::visualizer, 0};
  return std::nullopt;
}

}  // namespace

std::array<std::uint8_t, kBinaryHeaderBytes> binary_header(BinaryKind kind, ServerTime at) {
  std::array<std::uint8_t, kBinaryHeaderBytes> header{type_of(kind)};
  auto rest = static_cast<std::uint64_t>(at.since_start.count());
  for (std::size_t i = header.size() - 1; i > 0; --i, rest >>= 8) header[i] = static_cast<std::uint8_t>(rest);
  return header;
}

Result<BinaryMessage> parse_binary(std::span<const std::uint8_t> message) {
  if (message.size() < kBinaryHeaderBytes) {
    return fail("a binary message of " + std::to_string(message.size()) + " bytes; its head alone has 9");
  }
  std::uint64_t at = 0;
  for (const std::uint8_t byte : message.subspan(1, 8)) at = at << 8 | byte;
  return BinaryMessage{
      kind_of(message[0]), {Duration(static_cast<std::int64_t>(at))}, message.subspan(kBinaryHeaderBytes)};
}

}  // namespace tutti::protocol::sendspin
