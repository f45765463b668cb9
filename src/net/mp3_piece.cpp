#include "net/mp3_piece.h"

#include "protocol/mpeg_frame.h"

#include <optional>
#include <span>

namespace tutti::net {
namespace {

using protocol::MpegFrame;

constexpr std::int64_t kMostJunk = 16 << 20;

// Consecutive bytes of a file, to be looked through.
struct Window {
  std::vector<std::uint8_t> bytes;
  bool is_end = false;  // the file ends with them

  Window(const app::ByteFile& file, std::int64_t offset) : bytes(Mp3Piece::kMostBytes) {
    const bool is_growing = file.is_growing();  // asked first: what it has when it ends is all there
    bytes.resize(file.read_at(offset, bytes));
    is_end = !is_growing && bytes.size() < Mp3Piece::kMostBytes;
  }
  // Where a tag that reaches beyond these bytes ends, else a place from which the search can go on.
  std::int64_t skip() const {
    const std::size_t tag = protocol::id3v2_size(bytes);
    if (tag >= bytes.size()) return static_cast<std::int64_t>(tag);
    return static_cast<std::int64_t>(bytes.size() - protocol::kMostMpegFrame - protocol::kMpegHeader);
  }
};

// Fills the piece from the window. False where more bytes are needed to know how it goes on.
bool fill(Mp3Piece& piece, const Window& window, std::int64_t offset) {
  std::size_t at = 0;
  std::optional<MpegFrame> before;
  while (const auto found = protocol::next_mpeg_frame(window.bytes, at, before, window.is_end)) {
    const MpegFrame& frame = found->frame;
    const bool is_full =
        piece.rate > 0 && (frame.rate != piece.rate || piece.samples + frame.samples > piece.rate);
    if (is_full) return true;
    const auto bytes = std::span(window.bytes).subspan(found->at, frame.size);
    piece.bytes.insert(piece.bytes.end(), bytes.begin(), bytes.end());
    piece.samples += frame.samples;
    piece.rate = frame.rate;
    at = found->end();
    piece.next = offset + static_cast<std::int64_t>(at);
    before = frame;
  }
  return window.is_end;
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
    const Window window(file, offset);
    piece->next = offset;
    const bool is_whole = fill(*piece, window, offset);
    if (window.is_end) {
      // A piece that is full is followed by another, if only by an empty one.
      piece->is_last = piece->next + static_cast<std::int64_t>(protocol::kMpegHeader) >
                           offset + static_cast<std::int64_t>(window.bytes.size()) ||
                       piece->samples == 0;
      return piece;
    }
    const bool has_more = window.bytes.size() == Mp3Piece::kMostBytes;
    if (is_whole || (piece->samples > 0 && has_more)) return piece;
    if (!has_more) return nullptr;  // it is growing
    offset += window.skip();
  }
  piece->is_last = true;
  return piece;
}

}  // namespace tutti::net
