// ICY metadata: titles woven into an audio stream, as SHOUTcast began it and every radio player reads it.
// After every `icy-metaint` bytes of audio stands one length byte (in units of 16) and that much text, or a 0
// where nothing changed.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::protocol {

// Bytes of audio between two metadata blocks; half a second at 128 kbit/s.
inline constexpr std::uint32_t kIcyInterval = 8192;

// Built once per title, shared by all its listeners.
using IcyBlockPtr = std::shared_ptr<const std::vector<std::uint8_t>>;

// Length byte and `StreamTitle='…';`, padded with NULs. The title is cut, at a character's edge, to the 4,080
// bytes that the format has room for; a "';" inside it, which would end it early, becomes "’;".
IcyBlockPtr icy_metadata_block(std::string_view title);

// Where one listener's stream stands between audio and metadata. Sans I/O: says what to send next, is told
// what was.
class IcyInterleaver {
 public:
  explicit IcyInterleaver(std::uint32_t interval = kIcyInterval)
      : interval_(interval), audio_left_(interval) {}

  // The bytes to send next: a beginning of `audio` (what comes next in the stream; `title` is its block, null
  // where it has none), or a metadata block that is due before it. Empty only if `audio` is. Valid while
  // `title` is.
  std::span<const std::uint8_t> front(std::span<const std::uint8_t> audio, const IcyBlockPtr& title);

  // Tells that the first `sent` bytes of front() have gone out. Returns how many of them were audio.
  std::size_t skip(std::size_t sent);

 private:
  std::uint32_t interval_;
  std::uint32_t audio_left_;  // before the next block
  std::uint32_t block_sent_ = 0;
  IcyBlockPtr shown_;  // the title that the listener has
  IcyBlockPtr block_;  // being sent; null while audio is
};

}  // namespace tutti::protocol
