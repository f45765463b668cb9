#include "media/frame_decoder.h"

#include <algorithm>
#include <new>

namespace tutti::media {
namespace {

bool is_sane(const AVFrame& frame) {
  return frame.nb_samples > 0 && frame.sample_rate > 0 && frame.sample_rate <= kHighestRate &&
         frame.ch_layout.nb_channels > 0 && frame.ch_layout.nb_channels <= kMostChannels;
}

}  // namespace

Result<FrameDecoder> FrameDecoder::open(AudioFile file) {
  const AVCodecParameters& parameters = file.codec();
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  const std::string name = avcodec_get_name(parameters.codec_id);
  if (!codec) return fail("there is no decoder for " + name);
  if (parameters.ch_layout.nb_channels > kMostChannels || parameters.sample_rate > kHighestRate) {
    return fail("more than 64 channels or 768 kHz");
  }
  CodecContextPtr context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  context->codec_whitelist = av_strdup(file.container().codec_whitelist);
  if (const int code = avcodec_parameters_to_context(context.get(), &parameters); code < 0) {
    return fail("cannot be decoded as " + name + ": " + error_text(code));
  }
  context->pkt_timebase = file.stream().time_base;
  context->thread_count = 1;
  if (const int code = avcodec_open2(context.get(), codec, nullptr); code < 0) {
    return fail("cannot be decoded as " + name + ": " + error_text(code));
  }
  return FrameDecoder(std::move(file), std::move(context));
}

FrameDecoder::FrameDecoder(AudioFile file, CodecContextPtr codec)
    : file_(std::move(file)), codec_(std::move(codec)), packet_(av_packet_alloc()), frame_(av_frame_alloc()) {
  if (!packet_ || !frame_) throw std::bad_alloc();
}

Frames FrameDecoder::preroll(int rate) const {
  const AVCodecDescriptor* descriptor = codec_->codec_descriptor;
  if (descriptor && (descriptor->props & AV_CODEC_PROP_LOSSLESS) &&
      !(descriptor->props & AV_CODEC_PROP_LOSSY))
    return 0;
  // MP3's bit reservoir reaches nine frames back, and Opus' own filters settle in 80 ms to what cannot be
  // heard, in half a second to what can hardly be measured.
  return std::max<Frames>(file_.codec().seek_preroll, rate / 2);
}

const AVFrame* FrameDecoder::next() {
  while (true) {
    const int received = avcodec_receive_frame(codec_.get(), frame_.get());
    if (received >= 0) {
      if (is_sane(*frame_)) return frame_.get();
      continue;
    }
    // Any other error is a damaged packet, which the codec has dropped.
    if (received == kEndOfFile || draining_) return nullptr;
    if (file_.read(*packet_)) {
      // What the codec refuses is damaged too: its place shows as a gap between the frames around it.
      static_cast<void>(avcodec_send_packet(codec_.get(), packet_.get()));
    } else {
      draining_ = true;
      static_cast<void>(avcodec_send_packet(codec_.get(), nullptr));
    }
  }
}

bool FrameDecoder::seek(Frames frame, int rate) {
  if (!file_.seek(frame, rate)) return false;
  avcodec_flush_buffers(codec_.get());
  draining_ = false;
  return true;
}

}  // namespace tutti::media
