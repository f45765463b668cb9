#include "media/asset_encoder.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace tutti::media {
namespace {

constexpr Frames kStep = Frames{10} * AssetEncoder::kRate;
constexpr Frames kChunk = 4096;

}  // namespace

std::int64_t AssetEncoder::bytes(Frames length) {
  const Frames whole = (length + kDelay + kFrame - 1) / kFrame;
  return (whole + 1) * kFrameBytes;
}

AssetEncoder::AssetEncoder(Decoder decoder, Resampler resampler, Mp3Encoder encoder, Frames length)
    : decoder_(std::move(decoder)),
      resampler_(std::move(resampler)),
      encoder_(std::move(encoder)),
      picture_(length, kChannels),
      length_(length),
      left_(bytes(length)) {}

Result<AssetEncoder> AssetEncoder::open(const std::string& path, Frames length) {
  auto decoder = Decoder::open(path);
  if (!decoder) return tl::make_unexpected(decoder.error());
  auto resampler = Resampler::open({decoder->rate(), decoder->channels()}, {kRate, kChannels});
  if (!resampler) return tl::make_unexpected(resampler.error());
  Encoding encoding{Encoding::Codec::mp3, kRate, kChannels, kBitrate};
  auto encoder = Mp3Encoder::open(encoding);
  if (!encoder) return tl::make_unexpected(encoder.error());
  return AssetEncoder(std::move(*decoder), std::move(*resampler), std::move(*encoder), length);
}

// Something to take, or the end of the file.
Result<void> AssetEncoder::fill() {
  const auto channels = static_cast<std::size_t>(decoder_.channels());
  while (!is_decoded_ && resampler_.ready() == 0) {
    pcm_.resize(static_cast<std::size_t>(kChunk) * channels);
    const auto read = decoder_.read(pcm_);
    if (!read) return tl::make_unexpected(read.error());
    is_decoded_ = *read == 0;
    auto pushed = is_decoded_
                      ? resampler_.finish()
                      : resampler_.push(std::span(pcm_).first(static_cast<std::size_t>(*read) * channels));
    if (!pushed) return pushed;
  }
  return {};
}

Result<void> AssetEncoder::feed(std::span<const float> pcm, const Output& out) {
  std::optional<Error> wrong;
  auto encoded = encoder_.encode(pcm, [&](Frames first, std::span<const std::uint8_t> frame) {
    if (wrong || left_ == 0) return;
    const bool is_as_promised =
        static_cast<std::int64_t>(frame.size()) == kFrameBytes && (first + kDelay) % kFrame == 0;
    if (!is_as_promised) {
      wrong = Error{"this LAME makes other frames than those of 384 bytes that a walk's assets are made of"};
      return;
    }
    left_ -= kFrameBytes;
    if (auto done = out(frame); !done) wrong = done.error();
  });
  if (!encoded) return encoded;
  if (wrong) return tl::make_unexpected(*wrong);
  return {};
}

Result<bool> AssetEncoder::step(const Output& out) {
  std::vector<float> taken(static_cast<std::size_t>(kChunk * kChannels));
  for (Frames done = 0; done < kStep && left_ > 0;) {
    Frames frames = 0;
    if (fed_ < length_) {
      if (auto filled = fill(); !filled) return tl::make_unexpected(filled.error());
      const auto most = static_cast<std::size_t>(std::min(kChunk, length_ - fed_) * kChannels);
      frames = resampler_.take(std::span(taken).first(most));
      picture_.add(std::span(taken).first(static_cast<std::size_t>(frames * kChannels)));
    }
    if (frames == 0) {  // the source has ended: silence until the last frame is out
      frames = kFrame;
      std::fill(taken.begin(), taken.end(), 0.f);
    }
    const auto count = static_cast<std::size_t>(frames * kChannels);
    if (auto fed = feed(std::span(taken).first(count), out); !fed) return tl::make_unexpected(fed.error());
    fed_ += frames;
    done += frames;
  }
  return left_ > 0;
}

}  // namespace tutti::media
