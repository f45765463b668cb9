#include "domain/encoding.h"

#include <algorithm>
#include <array>
#include <string>

namespace tutti {
namespace {

using Codec = Encoding::Codec;

constexpr int kOpusBitratePerChannel = 64'000;
constexpr int kVisualizationRate = 48'000;

Result<void> check_lossless(Codec codec, int rate, int channels, int bit_depth) {
  if (rate < 8000 || rate > 192'000)
    return fail("PCM and FLAC are made at 8000 to 192000 Hz, not at " + std::to_string(rate));
  // A FLAC frame names rates above 65535 Hz in tens.
  if (codec == Codec::flac && rate > 65'535 && rate % 10 != 0) {
    return fail("FLAC has no rate of " + std::to_string(rate) + " Hz");
  }
  if (channels < 1 || channels > 8)
    return fail("PCM and FLAC are made with 1 to 8 channels, not " + std::to_string(channels));
  if (bit_depth != 16 && bit_depth != 24)
    return fail("PCM and FLAC are made with 16 or 24 bits, not " + std::to_string(bit_depth));
  return {};
}

Result<void> check_opus(int rate, int channels) {
  constexpr std::array kRates{8000, 12'000, 16'000, 24'000, 48'000};
  if (std::find(kRates.begin(), kRates.end(), rate) == kRates.end()) {
    return fail("Opus is made at 8000, 12000, 16000, 24000 or 48000 Hz, not at " + std::to_string(rate));
  }
  if (channels != 1 && channels != 2)
    return fail("Opus is made with 1 or 2 channels, not " + std::to_string(channels));
  return {};
}

// Most significant bit first, as FLAC's metadata is.
class Bits {
 public:
  void put(std::uint64_t value, int count) {
    for (int i = count - 1; i >= 0; --i) {
      if (used_ % 8 == 0) bytes_.push_back(0);
      const auto bit = static_cast<unsigned>(value >> i & 1);
      bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | bit << (7 - used_ % 8));
      ++used_;
    }
  }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
  int used_ = 0;
};

}  // namespace

Result<Encoding> player_encoding(Codec codec, int rate, int channels, int bit_depth) {
  switch (codec) {
    case Codec::pcm:
    case Codec::flac:
      return check_lossless(codec, rate, channels, bit_depth).map([&] {
        return Encoding{codec, rate, channels, 0, bit_depth};
      });
    case Codec::opus:
      return check_opus(rate, channels).map([&] {
        return Encoding{codec, rate, channels, channels * kOpusBitratePerChannel, 16};
      });
    case Codec::mp3:
    case Codec::visualization:
      break;
  }
  return fail("players in sync are sent PCM, FLAC or Opus");
}

Encoding visualizer_encoding() { return {Codec::visualization, kVisualizationRate, 1, 0, 16}; }

Frames chunk_frames(const Encoding& encoding) {
  switch (encoding.codec) {
    case Codec::mp3:
      return 1152;
    case Codec::pcm:
    case Codec::flac:
      return encoding.rate / 20;
    case Codec::opus:
      return encoding.rate / 50;
    case Codec::visualization:
      return encoding.rate / 30;
  }
  return 0;
}

std::vector<std::uint8_t> codec_header(const Encoding& encoding) {
  if (encoding.codec != Codec::flac) return {};
  const auto block = static_cast<std::uint64_t>(chunk_frames(encoding));
  constexpr std::uint64_t kLastBlockStreaminfo = 0x80;
  constexpr int kStreaminfoBytes = 34;
  Bits bits;
  for (const char letter : {'f', 'L', 'a', 'C'}) bits.put(static_cast<std::uint8_t>(letter), 8);
  bits.put(kLastBlockStreaminfo, 8);
  bits.put(kStreaminfoBytes, 24);
  bits.put(block, 16);
  bits.put(block, 16);
  // The smallest and largest frame, the length and the sum of a stream without an end are not known.
  bits.put(0, 24);
  bits.put(0, 24);
  bits.put(static_cast<std::uint64_t>(encoding.rate), 20);
  bits.put(static_cast<std::uint64_t>(encoding.channels - 1), 3);
  bits.put(static_cast<std::uint64_t>(encoding.bit_depth - 1), 5);
  bits.put(0, 36);
  for (int i = 0; i < 16; ++i) bits.put(0, 8);
  return bits.take();
}

std::size_t bytes_per_second(const Encoding& encoding) {
  switch (encoding.codec) {
    case Codec::pcm:
    case Codec::flac: {
      // FLAC stores verbatim what does not compress, with some bytes around each of 20 frames.
      const auto raw = static_cast<std::size_t>(encoding.rate) *
                       static_cast<std::size_t>(encoding.channels * encoding.bit_depth / 8);
      return raw + 20 * 64;
    }
    case Codec::mp3:
    case Codec::opus:
      return static_cast<std::size_t>(encoding.bitrate) / 8;
    case Codec::visualization:
      return 30 * 64;
  }
  return 0;
}

}  // namespace tutti
