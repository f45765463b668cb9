#include "protocol/mpeg_frame.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tutti::protocol {
namespace {

// kbit/s by bit rate index; 0 is the free format.
using Bitrates = std::array<int, 15>;
constexpr Bitrates kLayer1{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448};
constexpr Bitrates kLayer2{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384};
constexpr Bitrates kLayer3{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
constexpr Bitrates kHalfLayer1{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256};
constexpr Bitrates kHalfLayer23{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
constexpr std::array<int, 3> kRates{44100, 48000, 32000};

const Bitrates& bitrates_of(MpegFrame::Version version, int layer) {
  if (version != MpegFrame::Version::mpeg1) return layer == 1 ? kHalfLayer1 : kHalfLayer23;
  return layer == 1 ? kLayer1 : layer == 2 ? kLayer2 : kLayer3;
}

int samples_of(MpegFrame::Version version, int layer) {
  if (layer == 1) return 384;
  return layer == 3 && version != MpegFrame::Version::mpeg1 ? 576 : 1152;
}

std::size_t side_info_of(const MpegFrame& frame) {
  if (frame.version == MpegFrame::Version::mpeg1) return frame.channels == 1 ? 17 : 32;
  return frame.channels == 1 ? 9 : 17;
}

bool has_word(std::span<const std::uint8_t> bytes, std::size_t at, std::string_view word) {
  return bytes.size() >= at + word.size() &&
         std::equal(word.begin(), word.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

}  // namespace

std::optional<MpegFrame> parse_mpeg_frame(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kMpegHeader || bytes[0] != 0xFF || (bytes[1] & 0xE0) != 0xE0) return std::nullopt;
  const int version_bits = (bytes[1] >> 3) & 3;  // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
  const int layer_bits = (bytes[1] >> 1) & 3;    // 3: layer I … 1: layer III
  const auto bitrate_index = static_cast<std::size_t>(bytes[2] >> 4);
  const auto rate_index = static_cast<std::size_t>((bytes[2] >> 2) & 3);
  if (version_bits == 1 || layer_bits == 0 || bitrate_index == 0 || bitrate_index == 15 || rate_index == 3) {
    return std::nullopt;
  }
  MpegFrame frame;
  frame.version = version_bits == 3   ? MpegFrame::Version::mpeg1
                  : version_bits == 2 ? MpegFrame::Version::mpeg2
                                      : MpegFrame::Version::mpeg25;
  frame.layer = 4 - layer_bits;
  frame.bitrate = bitrates_of(frame.version, frame.layer)[bitrate_index] * 1000;
  frame.rate = kRates[rate_index] / (version_bits == 3 ? 1 : version_bits == 2 ? 2 : 4);
  frame.channels = (bytes[3] >> 6) == 3 ? 1 : 2;
  frame.samples = samples_of(frame.version, frame.layer);
  frame.has_crc = (bytes[1] & 1) == 0;
  const int padding = (bytes[2] >> 1) & 1;
  // Layer I counts in slots of four bytes.
  const int size = frame.layer == 1 ? (12 * frame.bitrate / frame.rate + padding) * 4
                                    : frame.samples / 8 * frame.bitrate / frame.rate + padding;
  frame.size = static_cast<std::size_t>(size);
  return frame;
}

std::size_t id3v2_size(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kId3Header || !has_word(bytes, 0, "ID3")) return 0;
  if (bytes[3] == 0xFF || bytes[4] == 0xFF) return 0;
  std::size_t size = 0;
  for (std::size_t i = 6; i < kId3Header; ++i) {
    if (bytes[i] & 0x80) return 0;  // a "syncsafe" size has seven bits a byte
    size = size << 7 | bytes[i];
  }
  const bool has_footer = bytes[5] & 0x10;
  return size + kId3Header * (has_footer ? 2 : 1);
}

bool is_mpeg_info(std::span<const std::uint8_t> bytes, const MpegFrame& frame) {
  if (frame.layer != 3) return false;
  const std::size_t after_header = kMpegHeader + (frame.has_crc ? 2 : 0);
  // Where LAME writes a checksum it does not always move the table behind it.
  for (const std::size_t at : {kMpegHeader, after_header}) {
    const std::size_t table = at + side_info_of(frame);
    if (has_word(bytes, table, "Xing") || has_word(bytes, table, "Info")) return true;
  }
  return has_word(bytes, kMpegHeader + 32, "VBRI");
}

std::optional<PlacedFrame> next_mpeg_frame(std::span<const std::uint8_t> bytes, std::size_t from,
                                           const std::optional<MpegFrame>& before, bool is_end) {
  for (std::size_t at = from; at + kMpegHeader <= bytes.size();) {
    const auto rest = bytes.subspan(at);
    if (const std::size_t tag = id3v2_size(rest)) {
      if (tag >= rest.size()) return std::nullopt;
      at += tag;
      continue;
    }
    const auto frame = parse_mpeg_frame(rest);
    if (frame && frame->size <= rest.size()) {
      const bool follows = at == from && before && frame->is_like(*before);
      const auto next = parse_mpeg_frame(rest.subspan(frame->size));
      const bool is_last = is_end && frame->size == rest.size();
      if (follows || is_last || (next && next->is_like(*frame))) return PlacedFrame{at, *frame};
    }
    const auto sync = std::find(rest.begin() + 1, rest.end(), std::uint8_t{0xFF});
    const auto tag = std::search(rest.begin() + 1, sync, &"ID3"[0], &"ID3"[0] + 3);
    at += static_cast<std::size_t>(std::min(sync, tag) - rest.begin());
  }
  return std::nullopt;
}

}  // namespace tutti::protocol
