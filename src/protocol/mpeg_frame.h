// MPEG audio as it lies in a file: a run of frames, each with a header that tells its length, with tags
// before and after. Source: ISO/IEC 11172-3 2.4.1.3 and 2.4.2.3, 13818-3 (half rates), the usual MPEG 2.5
// extension; id3.org's ID3v2.4 structure 3.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace tutti::protocol {

struct MpegFrame {
  enum class Version { mpeg1, mpeg2, mpeg25 };
  Version version = Version::mpeg1;
  int layer = 3;         // 1 to 3
  int bitrate = 0;       // bit/s
  int rate = 0;          // Hz
  int channels = 0;      // 1 or 2
  int samples = 0;       // per channel
  bool has_crc = false;  // two bytes after the header
  std::size_t size = 0;  // bytes, header included; kLeastMpegFrame to kMostMpegFrame

  // Whether both can lie in one file, one behind the other.
  bool is_like(const MpegFrame& other) const {
    return version == other.version && layer == other.layer && rate == other.rate;
  }
};

inline constexpr std::size_t kMpegHeader = 4;
inline constexpr std::size_t kLeastMpegFrame = 24;
inline constexpr std::size_t kMostMpegFrame = 2881;
inline constexpr std::size_t kId3Header = 10;

// The header that `bytes` begin with. nullopt: it is none, or of the "free" bit rate, which tells no length.
std::optional<MpegFrame> parse_mpeg_frame(std::span<const std::uint8_t> bytes);

// The length of the ID3v2 tag that `bytes` begin with, its header and footer included; it may reach beyond
// them. 0: there is none. Needs kId3Header bytes.
std::size_t id3v2_size(std::span<const std::uint8_t> bytes);

// Whether the frame that `bytes` begin with holds no sound but a Xing, Info or VBRI table.
bool is_mpeg_info(std::span<const std::uint8_t> bytes, const MpegFrame& frame);

struct PlacedFrame {
  std::size_t at = 0;  // where it begins
  MpegFrame frame;

  std::size_t end() const { return at + frame.size; }
};

// The next whole frame in `bytes` at or after `from`, tags and junk passed over. `before`: the frame that
// ended at `from`, if one did; what follows it at once needs no further sign. Anything else is taken for a
// frame only if another like it follows, or if it ends where the file does (`is_end`: the file ends with
// `bytes`). nullopt: there is none, or more bytes are needed to tell.
std::optional<PlacedFrame> next_mpeg_frame(std::span<const std::uint8_t> bytes, std::size_t from,
                                           const std::optional<MpegFrame>& before, bool is_end);

}  // namespace tutti::protocol
