// A file as a run of messages that play one after the other (path /audio): exactly 1 MiB each, or for MP3 the
// most whole frames that fit in, so that each message is a playable piece by itself. Together they are the
// file, byte for byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tutti::protocol {

inline constexpr std::size_t kAudioChunk = 1'048'576;  // bytes of a message at most

// Where a file of MPEG frames is cut. One message after the other, from the file's beginning on.
class MpegChunks {
 public:
  // The length of the next message. `bytes`: the file from there on, kAudioChunk of them or all that are left
  // (`is_end`). 0 only where `bytes` are empty. Where no frame ends within them (the inside of a large tag),
  // all of them.
  std::size_t next(std::span<const std::uint8_t> bytes, bool is_end);

 private:
  std::uint64_t tag_left_ = 0;  // bytes of a tag that reaches into the next message
};

}  // namespace tutti::protocol
