#include "player/source.h"

#include "media/decoder.h"
#include "media/growing_file.h"
#include "player/sample_writer.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace tutti::player {
namespace {

constexpr auto kSpoolPatience = std::chrono::milliseconds(250);
constexpr std::size_t kDecodedFrames = 2048;

class PcmSource : public Source {
 public:
  PcmSource(const PcmFormat& format, std::shared_ptr<Spool> bytes)
      : format_(format), bytes_(std::move(bytes)) {}

  PcmFormat format() const override { return format_; }
  Result<std::optional<std::size_t>> read(std::span<std::uint8_t> out) override {
    const std::size_t whole = out.size() / frame_bytes(format_) * frame_bytes(format_);
    const bool is_all = bytes_->is_finished();  // asked first: what came before the end is read below
    const std::size_t n = bytes_->read_some(position_, out.first(whole), kSpoolPatience);
    if (n == 0 && is_all) return std::nullopt;
    position_ += static_cast<std::int64_t>(n);
    bytes_->forget_before(position_);
    return n;
  }

 private:
  PcmFormat format_;
  std::shared_ptr<Spool> bytes_;  // consists of whole frames
  std::int64_t position_ = 0;
};

class FileSource : public Source {
 public:
  FileSource(media::Decoder decoder, SampleFormat sample) : decoder_(std::move(decoder)), sample_(sample) {}

  PcmFormat format() const override { return pcm_format(decoder_.rate(), decoder_.channels(), sample_); }
  Result<std::optional<std::size_t>> read(std::span<std::uint8_t> out) override {
    const auto channels = static_cast<std::size_t>(decoder_.channels());
    const std::size_t frames = std::min(kDecodedFrames, out.size() / frame_bytes(format()));
    pcm_.resize(frames * channels);
    const auto got = decoder_.read(pcm_);
    if (!got) return tl::make_unexpected(got.error());
    if (*got == 0) return std::nullopt;
    return write_samples(std::span(pcm_).first(static_cast<std::size_t>(*got) * channels), sample_, out);
  }

 private:
  media::Decoder decoder_;
  SampleFormat sample_;
  std::vector<float> pcm_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_source(const Stream& stream, SampleFormat decoded) {
  if (stream.format)
    return std::unique_ptr<Source>(std::make_unique<PcmSource>(*stream.format, stream.bytes));
  auto decoder = media::Decoder::open(std::make_shared<media::GrowingFile>(stream.bytes));
  if (!decoder) return fail("what the server sends cannot be played: " + decoder.error().message);
  return std::unique_ptr<Source>(std::make_unique<FileSource>(std::move(*decoder), decoded));
}

}  // namespace tutti::player
