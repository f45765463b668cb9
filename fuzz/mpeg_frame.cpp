// A file of MPEG audio, made by anybody: its frames, and where /audio cuts it.
#include "protocol/mpeg_frame.h"

#include "fuzz/require.h"
#include "protocol/audio_chunks.h"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti::protocol;
  const std::span<const std::uint8_t> bytes(data, size);
  for (const bool is_end : {false, true}) {
    std::size_t at = 0;
    std::optional<MpegFrame> before;
    while (const auto found = next_mpeg_frame(bytes, at, before, is_end)) {
      REQUIRE(found->at >= at && found->end() > found->at && found->end() <= size);
      REQUIRE(found->frame.size <= kMostMpegFrame && found->frame.rate > 0 && found->frame.samples > 0);
      is_mpeg_info(bytes.subspan(found->at), found->frame);
      at = found->end();
      before = found->frame;
    }
  }
  // Smaller messages than the real ones, so that small inputs are cut too.
  MpegChunks chunks;
  for (std::size_t at = 0; at < size;) {
    const std::size_t n = std::min<std::size_t>(1500, size - at);
    const std::size_t cut = chunks.next(bytes.subspan(at, n), at + n == size);
    REQUIRE(cut > 0 && cut <= n);
    at += cut;
  }
  return 0;
}
