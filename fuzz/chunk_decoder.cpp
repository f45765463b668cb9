// Streams for players in sync as any server may send them: a byte each of codec, rate, channels and bits, the
// length of the header, the header, and packets, each behind its length.
#include "media/chunk_decoder.h"

#include "fuzz/require.h"

#include <algorithm>
#include <array>

namespace {

using tutti::Encoding;

class Input {
 public:
  explicit Input(std::span<const std::uint8_t> bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  std::size_t number(int bytes) {
    std::size_t out = 0;
    for (const std::uint8_t byte : take(static_cast<std::size_t>(bytes))) out = out << 8 | byte;
    return out;
  }
  std::span<const std::uint8_t> take(std::size_t count) {
    const auto taken = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array kCodecs{Encoding::Codec::pcm, Encoding::Codec::flac, Encoding::Codec::opus};
  constexpr std::array kRates{48'000, 44'100, 96'000, 8'000, 1, 768'000};
  Input input({data, size});
  Encoding encoding;
  encoding.codec = kCodecs.at(input.number(1) % kCodecs.size());
  encoding.rate = kRates.at(input.number(1) % kRates.size());
  encoding.channels = static_cast<int>(input.number(1) % 66);
  encoding.bit_depth = static_cast<int>(input.number(1) % 40);
  const auto header = input.take(input.number(1));
  auto decoder = tutti::media::ChunkDecoder::open(encoding, header);
  if (!decoder) return 0;
  while (!input.empty()) {
    const std::size_t length = input.number(2);
    if (length == 0xFFFF) {
      (*decoder)->restart();
      continue;
    }
    const auto samples = (*decoder)->decode(input.take(length));
    if (!samples) continue;
    REQUIRE(samples->size() % static_cast<std::size_t>(encoding.channels) == 0);
    for (const float sample :
         {samples->empty() ? 0 : samples->front(), samples->empty() ? 0 : samples->back()}) {
      REQUIRE(encoding.codec == Encoding::Codec::opus || (sample >= -1 && sample <= 1));
    }
  }
  return 0;
}
