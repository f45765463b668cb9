#include "protocol/audio_chunks.h"

#include "protocol/mpeg_frame.h"

#include <algorithm>

namespace tutti::protocol {

std::size_t MpegChunks::next(std::span<const std::uint8_t> bytes, bool is_end) {
  if (is_end) return bytes.size();
  const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(tag_left_, bytes.size()));
  tag_left_ -= skipped;
  std::size_t at = skipped;
  std::size_t cut = 0;
  std::optional<MpegFrame> before;
  for (;;) {
    // Only a tag at the file's beginning or between frames is passed over; its insides may look like frames.
    if (const std::size_t tag = id3v2_size(bytes.subspan(at))) {
      if (tag >= bytes.size() - at) {
        if (cut == 0) tag_left_ = tag - (bytes.size() - at);
        break;
      }
      at += tag;
      continue;
    }
    const auto frame = next_mpeg_frame(bytes, at, before, false);
    if (!frame) break;
    at = cut = frame->end();
    before = frame->frame;
  }
  return cut > 0 ? cut : bytes.size();
}

}  // namespace tutti::protocol
