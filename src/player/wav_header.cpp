#include "player/wav_header.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

namespace tutti::player {
namespace {

constexpr std::uint64_t kLargest32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint16_t kInteger = 1, kFloat = 3, kExtensible = 0xFFFE;
// The tail of the GUIDs whose first two bytes are one of the tags above.
constexpr std::array<std::uint8_t, 14> kSubFormat{0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80,
                                                  0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71};

class Bytes {
 public:
  void text(std::string_view four) { bytes_.insert(bytes_.end(), four.begin(), four.end()); }
  void number(std::uint64_t value, int width) {
    for (int i = 0; i < width; ++i) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  template <class Range>
  void raw(const Range& range) {
    bytes_.insert(bytes_.end(), range.begin(), range.end());
  }
  std::size_t size() const { return bytes_.size(); }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

// Which speakers the channels are for, where there is a common order (front left, front right, centre, …).
std::uint32_t speakers(int channels) {
  switch (channels) {
    case 3:
      return 0x7;
    case 4:
      return 0x33;
    case 5:
      return 0x37;
    case 6:
      return 0x3F;
    case 8:
      return 0x63F;
    default:
      return 0;
  }
}

// What is said of the samples. Two channels or fewer are told in the oldest form, which every program reads.
void add_format(Bytes& out, const PcmFormat& format) {
  const bool is_float = sample_of(format) == SampleFormat::f32;
  const bool is_extensible = format.channels > 2;
  const std::uint64_t bits = 8 * bytes_per_sample(sample_of(format));
  const std::uint16_t tag = is_float ? kFloat : kInteger;
  out.text("fmt ");
  out.number(is_extensible ? 40 : is_float ? 18 : 16, 4);
  out.number(is_extensible ? kExtensible : tag, 2);
  out.number(static_cast<std::uint64_t>(format.channels), 2);
  out.number(static_cast<std::uint64_t>(format.rate), 4);
  out.number(static_cast<std::uint64_t>(format.rate) * frame_bytes(format), 4);
  out.number(frame_bytes(format), 2);
  out.number(bits, 2);
  if (is_extensible) {
    out.number(22, 2);
    out.number(bits, 2);
    out.number(speakers(format.channels), 4);
    out.number(tag, 2);
    out.raw(kSubFormat);
  } else if (is_float) {
    out.number(0, 2);
  }
}

}  // namespace

std::vector<std::uint8_t> wav_header(const PcmFormat& format, std::uint64_t data_bytes) {
  constexpr std::uint64_t kBeforeRiff = 8, kSizes = 28, kDataHead = 8;
  const std::uint64_t frames = data_bytes / frame_bytes(format);
  Bytes rest;
  add_format(rest, format);
  if (sample_of(format) == SampleFormat::f32) {
    rest.text("fact");
    rest.number(4, 4);
    rest.number(std::min(frames, kLargest32), 4);
  }
  const std::uint64_t padded = data_bytes + data_bytes % 2;
  const std::uint64_t riff = 4 + (8 + kSizes) + rest.size() + kDataHead + padded;
  const bool is_large = riff > kLargest32 - kBeforeRiff;

  Bytes out;
  out.text(is_large ? "RF64" : "RIFF");
  out.number(is_large ? kLargest32 : riff, 4);
  out.text("WAVE");
  out.text(is_large ? "ds64" : "JUNK");
  out.number(kSizes, 4);
  out.number(is_large ? riff : 0, 8);
  out.number(is_large ? data_bytes : 0, 8);
  out.number(is_large ? frames : 0, 8);
  out.number(0, 4);
  out.raw(rest.take());
  out.text("data");
  out.number(is_large ? kLargest32 : data_bytes, 4);
  return out.take();
}

}  // namespace tutti::player
