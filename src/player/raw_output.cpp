#include "player/raw_output.h"

#include "player/write_all.h"

#include <unistd.h>

namespace tutti::player {

Result<void> RawOutput::open(const PcmFormat& format) {
  if (format_ && *format_ != format) {
    return fail("the stream is " + describe(format) + " now, and was " + describe(*format_));
  }
  format_ = format;
  return {};
}

Result<std::size_t> RawOutput::write(std::span<const std::uint8_t> frames) {
  if (auto done = write_all(STDOUT_FILENO, frames, name()); !done) return tl::make_unexpected(done.error());
  played_ += static_cast<Frames>(frames.size() / frame_bytes(*format_));
  return frames.size();
}

}  // namespace tutti::player
