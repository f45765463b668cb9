#include "media/asset_decoder.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace tutti::media {
namespace {

constexpr Frames kFrame = 1152;  // samples of one MP3 frame,
constexpr std::int64_t kFrameBytes = 384;
// whose first ones overlap with the frame before; and what that one gives depends on its own.
constexpr std::int64_t kEarly = 3;

Result<CodecContextPtr> open_codec() {
  const AVCodec* codec = avcodec_find_decoder(AV_CODEC_ID_MP3);
  if (!codec) return fail("there is no decoder for MP3");
  CodecContextPtr context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  context->thread_count = 1;
  if (const int code = avcodec_open2(context.get(), codec, nullptr); code < 0) {
    return fail("MP3 cannot be decoded: " + error_text(code));
  }
  return context;
}

}  // namespace

Result<AssetDecoder> AssetDecoder::open(const std::string& path, Frames length, Frames delay) {
  silence_ffmpeg();
  auto file = InputFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  auto codec = open_codec();
  if (!codec) return tl::make_unexpected(codec.error());
  return AssetDecoder(std::move(*file), std::move(*codec), length, delay);
}

AssetDecoder::AssetDecoder(std::shared_ptr<const InputFile> file, CodecContextPtr codec, Frames length,
                           Frames delay)
    : file_(std::move(file)),
      codec_(std::move(codec)),
      packet_(av_packet_alloc()),
      frame_(av_frame_alloc()),
      length_(length),
      delay_(delay),
      pcm_(kFrame * kChannels) {
  if (!packet_ || !frame_) throw std::bad_alloc();
}

void AssetDecoder::read(Frames first, std::span<float> out) {
  std::ranges::fill(out, 0.0F);
  const auto count = static_cast<Frames>(out.size() / kChannels);
  const Frames end = std::min(count, length_ - first);
  for (Frames done = std::max<Frames>(0, -first); done < end;) {
    const Frames at = first + done + delay_;
    go_to(at / kFrame);
    const Frames within = at % kFrame;
    const Frames some = std::min(kFrame - within, end - done);
    std::copy_n(pcm_.begin() + within * Frames{kChannels}, some * Frames{kChannels},
                out.begin() + done * Frames{kChannels});
    done += some;
  }
}

void AssetDecoder::go_to(std::int64_t frame) {
  if (frame == decoded_) return;
  if (frame != decoded_ + 1 || decoded_ < 0) {
    avcodec_flush_buffers(codec_.get());
    decoded_ = std::max<std::int64_t>(0, frame - kEarly) - 1;
  }
  while (decoded_ < frame) decode(++decoded_);
}

void AssetDecoder::decode(std::int64_t frame) {
  std::ranges::fill(pcm_, 0.0F);
  av_packet_unref(packet_.get());
  if (av_new_packet(packet_.get(), static_cast<int>(kFrameBytes)) < 0) throw std::bad_alloc();
  const std::span bytes(packet_->data, static_cast<std::size_t>(kFrameBytes));
  if (file_->read_at(frame * kFrameBytes, bytes) != bytes.size()) return;
  if (avcodec_send_packet(codec_.get(), packet_.get()) < 0) return;
  while (avcodec_receive_frame(codec_.get(), frame_.get()) >= 0) {
    const bool is_whole = frame_->format == AV_SAMPLE_FMT_FLTP && frame_->nb_samples == kFrame &&
                          frame_->ch_layout.nb_channels == static_cast<int>(kChannels);
    if (!is_whole) continue;
    for (std::size_t c = 0; c < kChannels; ++c) {
      const auto* samples = reinterpret_cast<const float*>(frame_->extended_data[c]);
      for (std::size_t i = 0; i < static_cast<std::size_t>(kFrame); ++i) pcm_[i * kChannels + c] = samples[i];
    }
  }
}

}  // namespace tutti::media
