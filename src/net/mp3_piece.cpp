#include "net/mp3_piece.h"

#include "protocol/mpeg_frame.h"

#include <optional>
#include <span>

namespace tutti::net {
namespace {

using protocol::MpegFrame;

constexpr std::int64_t kMostJunk = 16 << 20;

// A second of nearly all MP3s, and the frame behind it that ends the piece.
constexpr std::size_t kUsualBytes = 20 * 1024;

// Consecutive bytes of a file, to be looked through.
struct Window {
  std::vector<std::uint8_t> bytes;
  bool is_end = false;  // the file ends with them

  Window(const app::ByteFile& file, std::int64_t offset, std::size_t most = Mp3Piece::kMostBytes) {
    extend(file, offset, most);
  }
  // To so many bytes, where the file has them.
  void extend(const app::ByteFile& file, std::int64_t offset, std::size_t most) {
    const std::size_t had = bytes.size();
    const bool is_growing = file.is_growing();  // asked first: what it has when it ends is all there
    bytes.resize(most);
    bytes.resize(had + file.read_at(offset + static_cast<std::int64_t>(had), std::span(bytes).subspan(had)));
    is_end = !is_growing && bytes.size() < most;
  }
  // Where a tag that reaches beyond these bytes ends, else a place from which the search can go on.
  std::int64_t skip() const {
    const std::size_t tag = protocol::id3v2_size(bytes);
    if (tag >= bytes.size()) return static_cast<std::int64_t>(tag);
    return static_cast<std::int64_t>(bytes.size() - protocol::kMostMpegFrame - protocol::kMpegHeader);
  }
};

struct Filled {
  bool is_whole;  // false: more bytes are needed to know how it goes on
  bool is_plain;  // a second of frames without a gap: whatever comes behind the window, it would be the same
};

Filled fill(Mp3Piece& piece, const Window& window, std::int64_t offset) {
  std::size_t at = 0, from = 0;  // the frames in between are still to be copied
  const auto copy = [&] {
    const auto frames = std::span(window.bytes).subspan(from, at - from);
    piece.bytes.insert(piece.bytes.end(), frames.begin(), frames.end());
  };
  std::optional<MpegFrame> before;
  bool is_full = false, has_gap = false;
  while (const auto found = protocol::next_mpeg_frame(window.bytes, at, before, window.is_end)) {
    const MpegFrame& frame = found->frame;
    is_full = piece.rate > 0 && (frame.rate != piece.rate || piece.samples + frame.samples > piece.rate);
    has_gap |= found->at != at;
    if (is_full) break;
    if (found->at != at) {
      copy();
      from = found->at;
    }
    piece.samples += frame.samples;
    piece.rate = frame.rate;
    at = found->end();
    piece.next = offset + static_cast<std::int64_t>(at);
    before = frame;
  }
  copy();
  return {is_full || window.is_end, is_full && !has_gap};
}

}  // namespace

Result<std::int64_t> find_mp3_begin(const app::ByteFile& file) {
  std::int64_t junk = 0;
  for (std::int64_t offset = 0; junk <= kMostJunk;) {
    const Window window(file, offset);
    if (const auto found = protocol::next_mpeg_frame(window.bytes, 0, std::nullopt, window.is_end)) {
      const auto bytes = std::span(window.bytes).subspan(found->at);
      const bool is_info = protocol::is_mpeg_info(bytes, found->frame);
      return offset + static_cast<std::int64_t>(is_info ? found->end() : found->at);
    }
    if (window.is_end || window.bytes.size() < Mp3Piece::kMostBytes) break;
    if (protocol::id3v2_size(window.bytes) == 0) junk += window.skip();
    offset += window.skip();
  }
  return fail("there are no MPEG frames in it whose length is known");
}

std::shared_ptr<const Mp3Piece> read_mp3_piece(const app::ByteFile& file, std::int64_t offset) {
  auto piece = std::make_shared<Mp3Piece>();
  for (const std::int64_t begin = offset; offset - begin <= kMostJunk;) {
    Window window(file, offset, kUsualBytes);
    piece->next = offset;
    auto filled = fill(*piece, window, offset);
    if (filled.is_plain && !window.is_end) return piece;
    if (window.bytes.size() == kUsualBytes) {  // there may be more: looked at as one
      window.extend(file, offset, Mp3Piece::kMostBytes);
      *piece = {};
      piece->next = offset;
      filled = fill(*piece, window, offset);
    }
    if (window.is_end) {
      // A piece that is full is followed by another, if only by an empty one.
      piece->is_last = piece->next + static_cast<std::int64_t>(protocol::kMpegHeader) >
                           offset + static_cast<std::int64_t>(window.bytes.size()) ||
                       piece->samples == 0;
      return piece;
    }
    const bool has_more = window.bytes.size() == Mp3Piece::kMostBytes;
    if (filled.is_whole || (piece->samples > 0 && has_more)) return piece;
    if (!has_more) return nullptr;  // it is growing
    offset += window.skip();
  }
  piece->is_last = true;
  return piece;
}

}  // namespace tutti::net
