#include "media/pcm_source.h"

#include "media/decoder.h"
#include "media/input_file.h"
#include "media/wav_layout.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

namespace tutti::media {
namespace {

class WavPcm : public PcmSource {
 public:
  WavPcm(std::shared_ptr<const InputFile> file, const WavLayout& layout)
      : PcmSource(file->stamp(), layout.format), file_(std::move(file)), layout_(layout) {}

  Result<std::vector<std::uint8_t>> read(Frames first, Frames count) const override {
    const Frames frames = std::clamp<Frames>(layout_.frames - first, 0, count);
    std::vector<std::uint8_t> out(static_cast<std::size_t>(frames * format().frame_bytes()));
    if (file_->read_at(layout_.begin + first * format().frame_bytes(), out) < out.size()) {
      return fail("the file has become shorter while it was read");
    }
    return out;
  }

 private:
  std::shared_ptr<const InputFile> file_;
  WavLayout layout_;
};

std::int16_t to_16_bit(float sample) {
  const float scaled = std::isnan(sample) ? 0.f : std::clamp(sample * 32768.f, -32768.f, 32767.f);
  return static_cast<std::int16_t>(std::lrint(scaled));
}

// Listeners of one file at different places: each place has its decoder, the few that were used last.
class DecodedPcm : public PcmSource {
 public:
  DecodedPcm(std::shared_ptr<const InputFile> file, Decoder decoder)
      : PcmSource(file->stamp(), {decoder.rate(), decoder.channels(), 2, false}), file_(std::move(file)) {
    idle_.push_back({std::move(decoder), 0});
  }

  Result<std::vector<std::uint8_t>> read(Frames first, Frames count) const override {
    auto place = take(first);
    if (!place) return tl::make_unexpected(place.error());
    if (place->position != first) {
      if (auto done = place->decoder.seek(first); !done) return tl::make_unexpected(done.error());
    }
    std::vector<float> pcm(static_cast<std::size_t>(count * format().channels));
    Frames frames = 0;
    while (frames < count) {
      const auto rest = std::span(pcm).subspan(static_cast<std::size_t>(frames * format().channels));
      const auto more = place->decoder.read(rest);
      if (!more) return tl::make_unexpected(more.error());
      if (*more == 0) break;
      frames += *more;
    }
    place->position = first + frames;
    give_back(std::move(*place));
    pcm.resize(static_cast<std::size_t>(frames * format().channels));
    std::vector<std::uint8_t> out;
    out.reserve(pcm.size() * 2);
    for (const float sample : pcm) {
      const auto bits = static_cast<std::uint16_t>(to_16_bit(sample));
      out.push_back(static_cast<std::uint8_t>(bits & 0xFF));
      out.push_back(static_cast<std::uint8_t>(bits >> 8));
    }
    return out;
  }

 private:
  struct Place {
    Decoder decoder;
    Frames position;
  };
  static constexpr std::size_t kMostIdle = 4;

  // The decoder that stands there; else a new one, so that those who listen elsewhere keep theirs.
  Result<Place> take(Frames first) const {
    {
      const std::lock_guard lock(mutex_);
      const auto here =
          std::ranges::find_if(idle_, [first](const Place& place) { return place.position == first; });
      const auto chosen = here != idle_.end()         ? here
                          : idle_.size() >= kMostIdle ? idle_.begin()
                                                      : idle_.end();
      if (chosen != idle_.end()) {
        Place place = std::move(*chosen);
        idle_.erase(chosen);
        return place;
      }
    }
    return Decoder::open(file_).map([](Decoder decoder) { return Place{std::move(decoder), 0}; });
  }

  void give_back(Place place) const {
    const std::lock_guard lock(mutex_);
    if (idle_.size() >= kMostIdle) idle_.erase(idle_.begin());
    idle_.push_back(std::move(place));
  }

  std::shared_ptr<const InputFile> file_;
  mutable std::mutex mutex_;         // guards idle_ only: nobody decodes under it
  mutable std::vector<Place> idle_;  // the one used longest ago first
};

}  // namespace

Result<std::unique_ptr<PcmSource>> PcmSource::open(const std::string& path) {
  auto file = InputFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  if (const auto layout = read_wav_layout(**file)) {
    return std::make_unique<WavPcm>(std::move(*file), *layout);
  }
  auto decoder = Decoder::open(*file);
  if (!decoder) return tl::make_unexpected(decoder.error());
  return std::make_unique<DecodedPcm>(std::move(*file), std::move(*decoder));
}

}  // namespace tutti::media
