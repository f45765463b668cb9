#include "media/mp3_encoder.h"

#include "media/ffmpeg.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <string>

namespace tutti::media {

struct Mp3Encoder::State {
  CodecContextPtr codec;
  AvFramePtr frame;  // being filled: `filled` of frame->nb_samples
  AvPacketPtr packet;
  int filled = 0;
  Frames fed = 0;  // input frames given to the codec

  Result<void> begin_frame();
  Result<void> send_frame(const Output& out);
};

namespace {

Result<CodecContextPtr> open_lame(const Encoding& encoding) {
  const AVCodec* lame = avcodec_find_encoder_by_name("libmp3lame");
  if (!lame) return fail("this FFmpeg has no libmp3lame: MP3 cannot be encoded");
  CodecContextPtr codec(avcodec_alloc_context3(lame));
  if (!codec) throw std::bad_alloc();
  codec->sample_fmt = AV_SAMPLE_FMT_FLTP;
  codec->sample_rate = encoding.rate;
  codec->bit_rate = encoding.bitrate;
  codec->time_base = {1, encoding.rate};
  av_channel_layout_default(&codec->ch_layout, encoding.channels);
  // Without the reservoir no frame needs bytes of an earlier one, so a listener may begin anywhere.
  av_opt_set_int(codec->priv_data, "reservoir", 0, 0);
  if (const int code = avcodec_open2(codec.get(), lame, nullptr); code < 0) {
    return fail("MP3 at " + std::to_string(encoding.rate) + " Hz and " + std::to_string(encoding.bitrate) +
                " bit/s cannot be encoded: " + error_text(code));
  }
  return codec;
}

}  // namespace

Mp3Encoder::Mp3Encoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
Mp3Encoder::Mp3Encoder(Mp3Encoder&&) noexcept = default;
Mp3Encoder& Mp3Encoder::operator=(Mp3Encoder&&) noexcept = default;
Mp3Encoder::~Mp3Encoder() = default;

Result<Mp3Encoder> Mp3Encoder::open(const Encoding& encoding) {
  silence_ffmpeg();
  if (encoding.rate != 32000 && encoding.rate != 44100 && encoding.rate != 48000) {
    return fail("MP3 is made at 32000, 44100 or 48000 Hz, not at " + std::to_string(encoding.rate));
  }
  if (encoding.channels != 1 && encoding.channels != 2) return fail("MP3 has one or two channels");
  auto codec = open_lame(encoding);
  if (!codec) return tl::make_unexpected(codec.error());
  auto state = std::make_unique<State>();
  state->codec = std::move(*codec);
  state->frame.reset(av_frame_alloc());
  state->packet.reset(av_packet_alloc());
  if (!state->frame || !state->packet) throw std::bad_alloc();
  return Mp3Encoder(std::move(state));
}

Result<void> Mp3Encoder::encode(std::span<const float> pcm, const Output& out) {
  const int channels = state_->codec->ch_layout.nb_channels;
  const float* from = pcm.data();
  auto left = static_cast<int>(pcm.size()) / channels;
  while (left > 0) {
    if (state_->filled == 0) {
      if (auto done = state_->begin_frame(); !done) return done;
    }
    const int n = std::min(left, state_->frame->nb_samples - state_->filled);
    for (int channel = 0; channel < channels; ++channel) {
      auto* plane = reinterpret_cast<float*>(state_->frame->extended_data[channel]) + state_->filled;
      for (int i = 0; i < n; ++i) {
        const float sample = from[i * channels + channel];
        plane[i] = std::isnan(sample) ? 0.f : std::clamp(sample, -1.f, 1.f);
      }
    }
    from += n * channels;
    left -= n;
    state_->filled += n;
    if (state_->filled == state_->frame->nb_samples) {
      if (auto done = state_->send_frame(out); !done) return done;
    }
  }
  return {};
}

Result<void> Mp3Encoder::State::begin_frame() {
  av_frame_unref(frame.get());
  frame->format = codec->sample_fmt;
  frame->nb_samples = codec->frame_size;
  frame->sample_rate = codec->sample_rate;
  av_channel_layout_copy(&frame->ch_layout, &codec->ch_layout);
  if (const int code = av_frame_get_buffer(frame.get(), 0); code < 0) return fail(error_text(code));
  frame->pts = fed;
  return {};
}

Result<void> Mp3Encoder::State::send_frame(const Output& out) {
  fed += filled;
  filled = 0;
  if (const int code = avcodec_send_frame(codec.get(), frame.get()); code < 0) {
    return fail("MP3 encoding failed: " + error_text(code));
  }
  while (true) {
    const int code = avcodec_receive_packet(codec.get(), packet.get());
    if (code == kTryAgain) return {};
    if (code < 0) return fail("MP3 encoding failed: " + error_text(code));
    // FFmpeg has taken the delay of encoder and decoder together (initial_padding) off the timestamps.
    out(packet->pts, {packet->data, static_cast<std::size_t>(packet->size)});
    av_packet_unref(packet.get());
  }
}

}  // namespace tutti::media
