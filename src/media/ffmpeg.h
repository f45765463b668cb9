// FFmpeg's C objects as owned C++ values, and its constants without its macros. Everything in this layer that
// touches FFmpeg includes this and nothing of FFmpeg's own.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

namespace tutti::media {

struct FfmpegDeleter {
  void operator()(AVFormatContext* p) const { avformat_close_input(&p); }
  void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(AVFrame* p) const { av_frame_free(&p); }
  void operator()(SwrContext* p) const { swr_free(&p); }
  void operator()(SwsContext* p) const { sws_freeContext(p); }
  void operator()(AVIOContext* p) const {
    av_freep(&p->buffer);  // FFmpeg may have replaced the buffer it was given
    avio_context_free(&p);
  }
};

using FormatContextPtr = std::unique_ptr<AVFormatContext, FfmpegDeleter>;
using CodecContextPtr = std::unique_ptr<AVCodecContext, FfmpegDeleter>;
using AvPacketPtr = std::unique_ptr<AVPacket, FfmpegDeleter>;
using AvFramePtr = std::unique_ptr<AVFrame, FfmpegDeleter>;
using SwrContextPtr = std::unique_ptr<SwrContext, FfmpegDeleter>;
using SwsContextPtr = std::unique_ptr<SwsContext, FfmpegDeleter>;
using IoContextPtr = std::unique_ptr<AVIOContext, FfmpegDeleter>;

// AV_NOPTS_VALUE: "no timestamp".
inline constexpr std::int64_t kNoTimestamp = std::numeric_limits<std::int64_t>::min();
extern const int kEndOfFile;    // AVERROR_EOF
extern const int kTryAgain;     // AVERROR(EAGAIN)
extern const int kInvalidData;  // AVERROR_INVALIDDATA

// What is decoded has at most so many channels and samples a second.
inline constexpr int kMostChannels = 64, kHighestRate = 768'000;

// FFmpeg's words for one of its error codes.
std::string error_text(int code);

// FFmpeg prints to stderr what damaged files are made of; a library has thousands of lines of that.
// Idempotent.
void silence_ffmpeg();

// A channel layout that frees itself. FFmpeg's default order of `channels` speakers.
class ChannelLayout {
 public:
  explicit ChannelLayout(int channels) { av_channel_layout_default(&layout_, channels); }
  explicit ChannelLayout(const AVChannelLayout& other) { av_channel_layout_copy(&layout_, &other); }
  ~ChannelLayout() { av_channel_layout_uninit(&layout_); }
  ChannelLayout(const ChannelLayout& other) : ChannelLayout(other.layout_) {}
  ChannelLayout& operator=(const ChannelLayout& other) {
    av_channel_layout_copy(&layout_, &other.layout_);
    return *this;
  }

  const AVChannelLayout* get() const { return &layout_; }
  bool operator==(const AVChannelLayout& other) const {
    return av_channel_layout_compare(&layout_, &other) == 0;
  }

 private:
  AVChannelLayout layout_{};
};

}  // namespace tutti::media
