// The listener's side of WAV over WebSocket (seeds/001): a request, a header, raw PCM, an end. Sans I/O: the
// bytes of each message go in, what they mean comes out.
#pragma once

#include "base/result.h"
#include "domain/pcm_format.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace tutti::protocol {

struct PcmHeader {
  PcmFormat format;
  int chunk_frames = 0;  // of each binary message but the last

  std::size_t chunk_bytes() const {
    return static_cast<std::size_t>(format.frame_bytes()) * static_cast<std::size_t>(chunk_frames);
  }
};

// What a header may say: 1 to 768 kHz, up to 64 channels, 1 to 4 bytes a sample, up to 65,536 frames a
// message.
inline constexpr std::size_t kMostPcmChunkBytes = std::size_t{65536} * 64 * 4;

// {"type":"audio_header","rate":44100,"channels":2,"sample_width":2,"chunk_frames":8192}. Four bytes are an
// integer unless "sample_format" is "float". Error: what is there instead, or which value is out of bounds.
Result<PcmHeader> parse_pcm_header(std::string_view text);

struct PcmAudio {
  std::span<const std::uint8_t> bytes;  // whole frames; of the message that was passed in
};
struct PcmEnd {};
struct PcmNothing {};  // a message that means nothing here
using PcmEvent = std::variant<PcmHeader, PcmAudio, PcmEnd, PcmNothing>;

class PcmClient {
 public:
  // Sent first, as a text message.
  static constexpr std::string_view kRequest = "PLAY";

  // Errors end the conversation: the server's own ({"type":"error"}), or what is no such stream.
  Result<PcmEvent> on_text(std::string_view text);
  Result<PcmEvent> on_binary(std::span<const std::uint8_t> bytes);

 private:
  PcmHeader header_;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace tutti::protocol
