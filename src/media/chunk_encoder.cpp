#include "media/chunk_encoder.h"

#include "domain/visualization.h"
#include "media/ffmpeg.h"
#include "media/sample_quantizer.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>
#include <string>
#include <utility>

namespace tutti::media {
namespace {

class PcmChunks : public ChunkEncoder {
 public:
  explicit PcmChunks(const Encoding& encoding) : bits_(encoding.bit_depth) {}

  Result<Bytes> encode(std::span<const float> chunk) override {
    quantize(chunk, bits_, samples_);
    return pack(samples_, bits_ / 8);
  }

 private:
  int bits_;
  std::vector<std::int32_t> samples_;
};

// One of FFmpeg's encoders that makes one packet of each frame.
class FfmpegChunks : public ChunkEncoder {
 public:
  explicit FfmpegChunks(CodecContextPtr codec)
      : codec_(std::move(codec)), frame_(av_frame_alloc()), packet_(av_packet_alloc()) {
    if (!frame_ || !packet_) throw std::bad_alloc();
  }

  Result<Bytes> encode(std::span<const float> chunk) override {
    av_frame_unref(frame_.get());
    frame_->format = codec_->sample_fmt;
    frame_->nb_samples = codec_->frame_size;
    frame_->sample_rate = codec_->sample_rate;
    frame_->pts = fed_;
    av_channel_layout_copy(&frame_->ch_layout, &codec_->ch_layout);
    if (const int code = av_frame_get_buffer(frame_.get(), 0); code < 0) return fail(error_text(code));
    fill(chunk, frame_->data[0]);
    fed_ += codec_->frame_size;
    if (const int code = avcodec_send_frame(codec_.get(), frame_.get()); code < 0) {
      return fail("encoding failed: " + error_text(code));
    }
    if (const int code = avcodec_receive_packet(codec_.get(), packet_.get()); code < 0) {
      return fail("encoding failed: " + error_text(code));
    }
    Bytes bytes(packet_->data, packet_->data + packet_->size);
    av_packet_unref(packet_.get());
    return bytes;
  }

 protected:
  // As the codec's sample format has it, interleaved.
  virtual void fill(std::span<const float> chunk, std::uint8_t* to) = 0;
  const AVCodecContext& codec() const { return *codec_; }

 private:
  CodecContextPtr codec_;
  AvFramePtr frame_;
  AvPacketPtr packet_;
  Frames fed_ = 0;
};

class FlacChunks : public FfmpegChunks {
 public:
  FlacChunks(CodecContextPtr codec, int bits) : FfmpegChunks(std::move(codec)), bits_(bits) {}

 private:
  void fill(std::span<const float> chunk, std::uint8_t* to) override {
    quantize(chunk, bits_, samples_);
    if (bits_ == 16) {
      const std::vector<std::int16_t> narrow(samples_.begin(), samples_.end());
      std::memcpy(to, narrow.data(), narrow.size() * sizeof narrow[0]);
    } else {
      for (std::int32_t& sample : samples_) sample *= 256;  // FFmpeg wants 24 bits in the upper ones of 32
      std::memcpy(to, samples_.data(), samples_.size() * sizeof samples_[0]);
    }
  }

  int bits_;
  std::vector<std::int32_t> samples_;
};

class OpusChunks : public FfmpegChunks {
 public:
  using FfmpegChunks::FfmpegChunks;

  Frames lookahead() const override { return codec().initial_padding; }
  int warm_up() const override { return 10; }

 private:
  void fill(std::span<const float> chunk, std::uint8_t* to) override {
    samples_.resize(chunk.size());
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      samples_[i] = std::isnan(chunk[i]) ? 0.f : std::clamp(chunk[i], -1.f, 1.f);
    }
    std::memcpy(to, samples_.data(), samples_.size() * sizeof samples_[0]);
  }

  std::vector<float> samples_;
};

Result<CodecContextPtr> allocate(const char* name, const Encoding& encoding, AVSampleFormat format) {
  silence_ffmpeg();
  const AVCodec* encoder = avcodec_find_encoder_by_name(name);
  if (!encoder) return fail(std::string("this FFmpeg has no ") + name);
  CodecContextPtr codec(avcodec_alloc_context3(encoder));
  if (!codec) throw std::bad_alloc();
  codec->sample_fmt = format;
  codec->sample_rate = encoding.rate;
  codec->time_base = {1, encoding.rate};
  codec->thread_count = 1;
  av_channel_layout_default(&codec->ch_layout, encoding.channels);
  return codec;
}

Result<void> start(AVCodecContext& codec, const Encoding& encoding) {
  if (const int code = avcodec_open2(&codec, codec.codec, nullptr); code < 0) {
    return fail(std::string(codec.codec->name) + " at " + std::to_string(encoding.rate) + " Hz with " +
                std::to_string(encoding.channels) + " channels cannot be encoded: " + error_text(code));
  }
  if (codec.frame_size != chunk_frames(encoding))
    return fail(std::string(codec.codec->name) + " has frames of another length here");
  return {};
}

Result<std::unique_ptr<ChunkEncoder>> open_flac(const Encoding& encoding) {
  auto codec = allocate("flac", encoding, encoding.bit_depth == 16 ? AV_SAMPLE_FMT_S16 : AV_SAMPLE_FMT_S32);
  if (!codec) return tl::make_unexpected(codec.error());
  (*codec)->bits_per_raw_sample = encoding.bit_depth;
  (*codec)->frame_size = static_cast<int>(chunk_frames(encoding));
  if (auto done = start(**codec, encoding); !done) return tl::make_unexpected(done.error());
  return std::make_unique<FlacChunks>(std::move(*codec), encoding.bit_depth);
}

Result<std::unique_ptr<ChunkEncoder>> open_opus(const Encoding& encoding) {
  auto codec = allocate("libopus", encoding, AV_SAMPLE_FMT_FLT);
  if (!codec) return tl::make_unexpected(codec.error());
  (*codec)->bit_rate = encoding.bitrate;
  av_opt_set((*codec)->priv_data, "application", "audio", 0);
  av_opt_set((*codec)->priv_data, "frame_duration", "20", 0);
  if (auto done = start(**codec, encoding); !done) return tl::make_unexpected(done.error());
  return std::make_unique<OpusChunks>(std::move(*codec));
}

// Each packet shows the chunk before the one that it is made of: what is looked at reaches beyond both its
// ends.
class PictureChunks : public ChunkEncoder {
 public:
  explicit PictureChunks(const Encoding& encoding)
      : chunk_(static_cast<std::size_t>(chunk_frames(encoding))), samples_(3 * chunk_) {
    static_assert(Visualization::kWindow <= 3 * Visualization::kRate / Visualization::kPerSecond);
  }

  Frames lookahead() const override { return static_cast<Frames>(chunk_); }
  // Half a second more than is looked at, so that a beginning in the middle of a sound is no beat.
  int warm_up() const override { return Visualization::kPerSecond / 2 + 2; }
  Result<Bytes> encode(std::span<const float> chunk) override {
    std::move(samples_.begin() + static_cast<std::ptrdiff_t>(chunk_), samples_.end(), samples_.begin());
    std::copy(chunk.begin(), chunk.end(), samples_.end() - static_cast<std::ptrdiff_t>(chunk_));
    const std::size_t edge = (samples_.size() - Visualization::kWindow) / 2;
    return to_bytes(painter_.look_at(std::span(samples_).subspan(edge, Visualization::kWindow)));
  }

 private:
  std::size_t chunk_;
  std::vector<float> samples_;  // the last three chunks
  SoundPainter painter_;
};

}  // namespace

Result<std::unique_ptr<ChunkEncoder>> ChunkEncoder::open(const Encoding& encoding) {
  switch (encoding.codec) {
    case Encoding::Codec::pcm:
      return std::make_unique<PcmChunks>(encoding);
    case Encoding::Codec::flac:
      return open_flac(encoding);
    case Encoding::Codec::opus:
      return open_opus(encoding);
    case Encoding::Codec::visualization:
      return std::make_unique<PictureChunks>(encoding);
    case Encoding::Codec::mp3:
      break;
  }
  return fail("not an encoding for players in sync");
}

}  // namespace tutti::media
