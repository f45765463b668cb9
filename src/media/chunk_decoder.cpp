#include "media/chunk_decoder.h"

#include "media/ffmpeg.h"
#include "media/sample_converter.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tutti::media {
namespace {

constexpr std::size_t kMostPacketBytes = 4 << 20;
constexpr std::size_t kMostHeaderBytes = 64 << 10;

class PcmDecoder : public ChunkDecoder {
 public:
  explicit PcmDecoder(const Encoding& encoding)
      : width_(static_cast<std::size_t>(encoding.bit_depth) / 8),
        frame_bytes_(width_ * static_cast<std::size_t>(encoding.channels)) {}

  Result<std::span<const float>> decode(std::span<const std::uint8_t> packet) override {
    if (packet.size() % frame_bytes_ != 0) {
      return fail(std::to_string(packet.size()) + " bytes of PCM are no whole frames of " +
                  std::to_string(frame_bytes_));
    }
    samples_.resize(packet.size() / width_);
    for (std::size_t i = 0; i < samples_.size(); ++i) samples_[i] = sample(packet.data() + i * width_);
    return std::span<const float>(samples_);
  }
  void restart() override {}

 private:
  // Little-endian, laid into the upper bytes of 32 bits, so that the sign is where it belongs.
  float sample(const std::uint8_t* bytes) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < width_; ++i) {
      value |= static_cast<std::uint32_t>(bytes[i]) << (8 * (4 - width_ + i));
    }
    return static_cast<float>(static_cast<std::int32_t>(value)) * 0x1p-31F;
  }

  std::size_t width_, frame_bytes_;
  std::vector<float> samples_;
};

class CodecDecoder : public ChunkDecoder {
 public:
  CodecDecoder(const Encoding& encoding, CodecContextPtr codec)
      : encoding_(encoding), codec_(std::move(codec)), packet_(av_packet_alloc()), frame_(av_frame_alloc()) {
    if (!packet_ || !frame_) throw std::bad_alloc();
  }

  Result<std::span<const float>> decode(std::span<const std::uint8_t> packet) override {
    samples_.clear();
    if (packet.empty() || packet.size() > kMostPacketBytes) return fail("a packet of impossible size");
    av_packet_unref(packet_.get());
    if (av_new_packet(packet_.get(), static_cast<int>(packet.size())) < 0) throw std::bad_alloc();
    std::memcpy(packet_->data, packet.data(), packet.size());
    if (const int code = avcodec_send_packet(codec_.get(), packet_.get()); code < 0) {
      return fail("a packet cannot be decoded: " + error_text(code));
    }
    while (avcodec_receive_frame(codec_.get(), frame_.get()) >= 0) {
      if (auto taken = take(); !taken) return tl::make_unexpected(taken.error());
    }
    if (samples_.empty()) return fail("there is no sound in a packet");
    return std::span<const float>(samples_);
  }
  void restart() override { avcodec_flush_buffers(codec_.get()); }

 private:
  Result<void> take() {
    if (frame_->sample_rate != encoding_.rate || frame_->ch_layout.nb_channels != encoding_.channels) {
      return fail("a packet is of " + std::to_string(frame_->sample_rate) + " Hz and " +
                  std::to_string(frame_->ch_layout.nb_channels) + " channels, the stream said " +
                  std::to_string(encoding_.rate) + " and " + std::to_string(encoding_.channels));
    }
    if (!shape_ || !shape_->matches(*frame_)) {
      shape_ = SampleShape::of(*frame_);
      auto converter = SampleConverter::open(*shape_, shape_->layout, shape_->rate);
      if (!converter) return tl::make_unexpected(converter.error());
      converter_.emplace(std::move(*converter));
    }
    return converter_->convert(frame_->extended_data, frame_->nb_samples, samples_);
  }

  Encoding encoding_;
  CodecContextPtr codec_;
  AvPacketPtr packet_;
  AvFramePtr frame_;
  std::optional<SampleShape> shape_;
  std::optional<SampleConverter> converter_;
  std::vector<float> samples_;
};

Result<CodecContextPtr> open_codec(const Encoding& encoding, std::span<const std::uint8_t> header) {
  const bool is_flac = encoding.codec == Encoding::Codec::flac;
  const AVCodec* codec = avcodec_find_decoder(is_flac ? AV_CODEC_ID_FLAC : AV_CODEC_ID_OPUS);
  if (!codec) return fail(std::string("there is no decoder for ") + (is_flac ? "FLAC" : "Opus"));
  if (header.size() > kMostHeaderBytes) return fail("a codec header of more than 64 KiB");
  CodecContextPtr context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  context->sample_rate = encoding.rate;
  av_channel_layout_default(&context->ch_layout, encoding.channels);
  context->thread_count = 1;
  if (!header.empty()) {
    context->extradata = static_cast<std::uint8_t*>(av_mallocz(header.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    if (!context->extradata) throw std::bad_alloc();
    std::memcpy(context->extradata, header.data(), header.size());
    context->extradata_size = static_cast<int>(header.size());
  }
  if (const int code = avcodec_open2(context.get(), codec, nullptr); code < 0) {
    return fail("the stream's header cannot be understood: " + error_text(code));
  }
  return context;
}

}  // namespace

Result<std::unique_ptr<ChunkDecoder>> ChunkDecoder::open(const Encoding& encoding,
                                                         std::span<const std::uint8_t> header) {
  using Codec = Encoding::Codec;
  if (encoding.channels < 1 || encoding.channels > kMostChannels || encoding.rate < 1 ||
      encoding.rate > kHighestRate) {
    return fail("a stream of " + std::to_string(encoding.channels) + " channels and " +
                std::to_string(encoding.rate) + " Hz");
  }
  silence_ffmpeg();
  if (encoding.codec == Codec::pcm) {
    if (encoding.bit_depth != 16 && encoding.bit_depth != 24 && encoding.bit_depth != 32) {
      return fail("PCM of " + std::to_string(encoding.bit_depth) + " bits");
    }
    return std::unique_ptr<ChunkDecoder>(std::make_unique<PcmDecoder>(encoding));
  }
  if (encoding.codec != Codec::flac && encoding.codec != Codec::opus) return fail("no codec of players");
  if (encoding.codec == Codec::opus && (encoding.rate != 48'000 || encoding.channels > 2)) {
    return fail("Opus is decoded to 48 kHz, mono or stereo");
  }
  auto codec = open_codec(encoding, header);
  if (!codec) return tl::make_unexpected(codec.error());
  return std::unique_ptr<ChunkDecoder>(std::make_unique<CodecDecoder>(encoding, std::move(*codec)));
}

}  // namespace tutti::media
