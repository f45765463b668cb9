#include "player/null_output.h"

namespace tutti::player {

Result<void> NullOutput::open(const PcmFormat& format) {
  thread_.stop();
  playout_.emplace(format, prebuffer_);
  heard_.resize(static_cast<std::size_t>(format.rate) * frame_bytes(format));
  thread_.start(format.rate, 0, [this, format](Frames, Frames count) {
    playout_->render(std::span(heard_).first(static_cast<std::size_t>(count) * frame_bytes(format)));
  });
  return {};
}

Result<void> NullOutput::close() {
  thread_.stop();
  return {};
}

}  // namespace tutti::player
