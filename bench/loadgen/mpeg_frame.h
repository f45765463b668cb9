// Recognises MPEG audio layer III: a frame header that is followed by another where the first frame ends.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace loadgen {

/// The length in bytes of the frame whose header starts `bytes`; nothing if that is no layer III header.
/// Source: ISO/IEC 11172-3, 2.4.1.3 and 13818-3 (the half sampling rates).
inline std::optional<std::size_t> frame_length(std::span<const std::uint8_t> bytes) {
  static constexpr std::array<int, 15> mpeg1{0,   32,  40,  48,  56,  64,  80, 96,
                                             112, 128, 160, 192, 224, 256, 320};
  static constexpr std::array<int, 15> mpeg2{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
  static constexpr std::array<int, 3> rates{44100, 48000, 32000};
  if (bytes.size() < 4 || bytes[0] != 0xFF || (bytes[1] & 0xE6) != 0xE2) return {};
  const int version = (bytes[1] >> 3) & 3;  // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
  const std::size_t bitrate = bytes[2] >> 4;
  const std::size_t rate = (bytes[2] >> 2) & 3;
  if (version == 1 || bitrate == 0 || bitrate == 15 || rate == 3) return {};
  const int padding = (bytes[2] >> 1) & 1;
  if (version == 3) return static_cast<std::size_t>(144000 * mpeg1.at(bitrate) / rates.at(rate) + padding);
  const int divisor = version == 2 ? 2 : 4;
  return static_cast<std::size_t>(72000 * mpeg2.at(bitrate) * divisor / rates.at(rate) + padding);
}

/// Where the first frame starts; nothing if there are no two in a row.
inline std::optional<std::size_t> find_frames(std::span<const std::uint8_t> bytes) {
  for (std::size_t at = 0; at + 4 <= bytes.size(); ++at) {
    const auto length = frame_length(bytes.subspan(at));
    if (length && at + *length + 4 <= bytes.size() && frame_length(bytes.subspan(at + *length))) return at;
  }
  return {};
}

}  // namespace loadgen
