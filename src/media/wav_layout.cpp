#include "media/wav_layout.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string_view>

namespace tutti::media {
namespace {

constexpr int kMostChunks = 1000;
constexpr std::uint64_t kUnknown = 0xFFFFFFFF;
// What follows the format's number in every GUID of WAVEFORMATEXTENSIBLE.
constexpr std::array<std::uint8_t, 14> kSubformat{0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71};
// Wave64 names its chunks by GUIDs; those of a WAV's chunks are the four letters and this.
constexpr std::array<std::uint8_t, 12> kWave64{0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1,
                                               0,    0xC0, 0x4F, 0x8E, 0xDB, 0x8A};
constexpr std::array<std::uint8_t, 12> kWave64Riff{0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6,
                                                   0x28, 0xDB, 0x04, 0xC1, 0,    0};

using Bytes = std::span<const std::uint8_t>;

std::uint64_t number(Bytes bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i) value = value << 8 | bytes[at + i - 1];
  return value;
}

bool is(Bytes bytes, std::size_t at, std::string_view word) {
  return std::memcmp(bytes.data() + at, word.data(), word.size()) == 0;
}

template <std::size_t N>
bool is(Bytes bytes, std::size_t at, const std::array<std::uint8_t, N>& what) {
  return std::equal(what.begin(), what.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

std::optional<PcmFormat> parse_format(Bytes chunk) {
  if (chunk.size() < 16) return std::nullopt;
  std::uint64_t tag = number(chunk, 0, 2);
  const auto channels = number(chunk, 2, 2), rate = number(chunk, 4, 4), align = number(chunk, 12, 2),
             bits = number(chunk, 14, 2);
  if (tag == 0xFFFE) {
    if (chunk.size() < 40 || !is(chunk, 26, kSubformat)) return std::nullopt;
    tag = number(chunk, 24, 2);
  }
  const bool is_float = tag == 3;
  const bool is_known = (tag == 1 && (bits == 16 || bits == 24 || bits == 32)) || (is_float && bits == 32);
  if (!is_known || channels < 1 || channels > 64 || rate < 1 || rate > 768'000) return std::nullopt;
  if (align != channels * bits / 8) return std::nullopt;
  return PcmFormat{static_cast<int>(rate), static_cast<int>(channels), static_cast<int>(bits / 8), is_float};
}

// The two ways in which chunks are laid out.
struct Shape {
  std::int64_t first;      // where the first chunk begins
  std::size_t name, head;  // bytes of a chunk's name, and of name and length together
  bool counts_head;        // whether the length does
  std::int64_t alignment;  // of the chunks
};
constexpr Shape kRiffShape{12, 4, 8, false, 2};
constexpr Shape kWave64Shape{40, 16, 24, true, 8};

std::optional<Shape> shape_of(Bytes head) {
  const bool is_riff = is(head, 0, "RIFF") || is(head, 0, "RF64") || is(head, 0, "BW64");
  if (is_riff && is(head, 8, "WAVE")) return kRiffShape;
  if (is(head, 0, "riff") && is(head, 4, kWave64Riff) && is(head, 24, "wave") && is(head, 28, kWave64)) {
    return kWave64Shape;
  }
  return std::nullopt;
}

// How much of the data is there, by what its header says and what the file holds.
std::uint64_t data_length(std::uint64_t said, std::uint64_t rest, bool is_32_bit) {
  if (!is_32_bit) return std::min(said, rest);
  if (said == 0 || said == kUnknown) return rest;
  constexpr std::uint64_t kTurn = std::uint64_t{1} << 32;
  if (rest >= kTurn) said += (rest - std::min(said, rest)) / kTurn * kTurn;
  return std::min(said, rest);
}

}  // namespace

std::optional<WavLayout> read_wav_layout(const InputFile& file) {
  std::array<std::uint8_t, 40> head{};
  if (file.read_at(0, head) < head.size()) return std::nullopt;
  const auto shape = shape_of(head);
  if (!shape) return std::nullopt;
  const bool is_wave64 = shape->name == 16;
  std::optional<PcmFormat> format;
  std::optional<std::uint64_t> long_data;  // RF64's length of the data chunk
  std::int64_t at = shape->first;
  for (int n = 0; n < kMostChunks; ++n) {
    std::array<std::uint8_t, 64> chunk{};
    const std::size_t got = file.read_at(at, chunk);
    if (got < shape->head) return std::nullopt;
    if (is_wave64 && !is(chunk, 4, kWave64)) {
      // A chunk of its own kind, such as a list of markers.
      std::memset(chunk.data(), 0, 4);
    }
    std::uint64_t size = number(chunk, shape->name, shape->head - shape->name);
    if (shape->counts_head) {
      if (size < shape->head) return std::nullopt;
      size -= shape->head;
    }
    const Bytes body = Bytes(chunk).subspan(shape->head, std::min<std::size_t>(size, got - shape->head));
    const std::int64_t begin = at + static_cast<std::int64_t>(shape->head);
    if (is(chunk, 0, "fmt ")) {
      format = parse_format(body);
      if (!format) return std::nullopt;
    } else if (is(chunk, 0, "ds64") && body.size() >= 16) {
      long_data = number(body, 8, 8);
    } else if (is(chunk, 0, "data")) {
      if (!format) return std::nullopt;
      const auto rest = static_cast<std::uint64_t>(std::max<std::int64_t>(0, file.size() - begin));
      const bool is_long = long_data && size == kUnknown;
      const std::uint64_t length = data_length(is_long ? *long_data : size, rest, !is_long && !is_wave64);
      return WavLayout{*format, begin,
                       static_cast<Frames>(length / static_cast<std::uint64_t>(format->frame_bytes()))};
    }
    if (size > static_cast<std::uint64_t>(file.size())) return std::nullopt;
    at = begin + static_cast<std::int64_t>(size);
    at += (shape->alignment - at % shape->alignment) % shape->alignment;
  }
  return std::nullopt;
}

}  // namespace tutti::media
