#include "media/ffmpeg.h"

#include <array>
#include <cerrno>

namespace tutti::media {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
const int kEndOfFile = AVERROR_EOF;
const int kTryAgain = AVERROR(EAGAIN);
const int kInvalidData = AVERROR_INVALIDDATA;
#pragma GCC diagnostic pop

std::string error_text(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return text.data();
}

void silence_ffmpeg() { av_log_set_level(AV_LOG_QUIET); }

}  // namespace tutti::media
