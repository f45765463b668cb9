// Raw PCM over WebSocket (path /pcm): a request, a header, chunks of samples in real time, an end; then it
// may be asked again. The wire is that of an earlier streaming server whose clients are in use;
// docs/protocol.md has it. Sans I/O: is told what came and when, says what to send and when the next chunk is
// due.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "domain/pcm_format.h"

#include <optional>
#include <string>
#include <string_view>

namespace tutti::protocol {

inline constexpr Frames kPcmChunk = 8192;  // frames of a chunk, where the client does not choose

// `?chunk_frames=`: "" is the default. Error: not a whole number from 256 to 16384.
Result<Frames> parse_chunk_frames(std::string_view text);

// `?first_frame=`: where the stream begins in the file; "" is its beginning. Error: not a whole number from 0
// to 2^40, which is 66 days at 192 kHz.
Result<Frames> parse_first_frame(std::string_view text);

class PcmStream {
 public:
  struct Answer {
    bool open = false;                // the file is to be opened: on_opened() or on_failed() comes next
    std::optional<std::string> text;  // to be sent
  };

  // `burst`: so much audio is sent ahead of real time. `first`: the frame that every stream begins with.
  PcmStream(Frames chunk_frames, Duration burst, Frames first = 0)
      : chunk_frames_(chunk_frames), burst_(burst), first_(first) {}

  // A text message, or a binary one, which older clients send as UTF-8. While a stream is under way another
  // request for it is ignored: its header would land among the samples.
  Answer on_message(std::string_view message);

  // The file is open: the header, to be sent first. The clock of the stream starts at `now`.
  std::string on_opened(const PcmFormat& format, ServerTime now);
  // The file cannot be opened, or not be read further: the message to send. The stream is over.
  std::string on_failed(std::string_view why);

  bool is_playing() const { return state_ == State::playing; }
  Frames chunk_frames() const { return chunk_frames_; }
  Frames position() const { return position_; }  // the first frame of the next chunk
  // When the next chunk may be sent: counted from the start, so that nothing adds up.
  ServerTime due() const { return started_ + duration_of(position_ - first_, format_.rate) - burst_; }
  // The next chunk was sent; it had so many frames. Fewer than chunk_frames(), 0 too, end the stream: what to
  // send then.
  std::optional<std::string> on_chunk(Frames frames);

 private:
  enum class State { idle, opening, playing };

  Frames chunk_frames_;
  Duration burst_;
  Frames first_;
  State state_ = State::idle;
  PcmFormat format_;
  ServerTime started_;
  Frames position_ = 0;
};

}  // namespace tutti::protocol
