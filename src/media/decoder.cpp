#include "media/decoder.h"

#include "media/frame_decoder.h"
#include "media/sample_converter.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace tutti::media {
namespace {

constexpr int kShortSkipSeconds = 2;         // decoding this far ahead costs no more than a seek
constexpr int kLongestSilenceSeconds = 600;  // a larger jump in the timestamps is a lie, not damage
constexpr int kLongestOverlapSeconds = 1;

}  // namespace

// Every decoded frame is placed by its timestamp, so that a position means the same whether it was reached by
// reading or by seeking: what is missing before it becomes silence, what was there already is left out.
struct Decoder::State {
  explicit State(FrameDecoder decoder, const AVFrame& first)
      : frames(std::move(decoder)),
        rate(first.sample_rate),
        layout(first.ch_layout),
        clock(frames.file().clock(first.sample_rate)),
        end(frames.file().edited_length(first.sample_rate).value_or(std::numeric_limits<Frames>::max())) {
    origin = time_of(first).value_or(0);
    if (clock != Clock::coarse) origin = std::max<Frames>(origin, 0);  // below zero the encoder warms up
  }

  static Result<std::unique_ptr<State>> open(AudioFile file);
  Result<void> seek(Frames target);
  Result<Frames> read(std::span<float> out);

  int channels() const { return layout.get()->nb_channels; }
  std::optional<Frames> time_of(const AVFrame& frame) const;
  Frames tolerance() const;
  Result<bool> decode_next();
  Result<void> take(const AVFrame& frame);
  void place(Frames time);
  Result<void> restart();
  Result<bool> jump(Frames target);
  Result<void> skip_to(Frames target);
  Frames pending() const;
  void drop(Frames count);
  void clear();

  FrameDecoder frames;
  int rate;
  ChannelLayout layout;
  Clock clock;
  Frames end;              // no frame at or after this one is handed out
  Frames origin = 0;       // where frame 0 lies on the stream's time axis
  Frames position = 0;     // of the next frame handed out
  Frames silence = 0;      // frames of silence before `pcm`
  std::vector<float> pcm;  // decoded and not handed out yet, from `used` on
  std::size_t used = 0;
  std::optional<SampleShape> shape;  // what `converter` takes
  std::optional<SampleConverter> converter;
};

Result<std::unique_ptr<Decoder::State>> Decoder::State::open(AudioFile file) {
  auto frames = FrameDecoder::open(std::move(file));
  if (!frames) return tl::make_unexpected(frames.error());
  const AVFrame* first = frames->next();
  if (!first) return fail("nothing in it can be decoded");
  auto state = std::make_unique<State>(std::move(*frames), *first);
  return state->take(*first).map([&] { return std::move(state); });
}

std::optional<Frames> Decoder::State::time_of(const AVFrame& frame) const {
  if (frame.pts == kNoTimestamp) return {};
  return frames.file().to_frames(frame.pts, rate);
}

// By how much a timestamp may differ from the count before it means a gap or an overlap.
Frames Decoder::State::tolerance() const {
  switch (clock) {
    case Clock::exact:
      return 0;
    case Clock::uneven:
      return 4096;  // the largest Vorbis block
    case Clock::coarse:
      break;
  }
  return rate / 10;
}

// Frame `pending() == 0` on entry. False at the end.
Result<bool> Decoder::State::decode_next() {
  const AVFrame* frame = frames.next();
  if (!frame) return false;
  return take(*frame).map([] { return true; });
}

Result<void> Decoder::State::take(const AVFrame& frame) {
  clear();
  if (!converter || !shape->matches(frame)) {
    shape = SampleShape::of(frame);
    auto opened = SampleConverter::open(*shape, layout, rate);
    if (!opened) return tl::make_unexpected(opened.error());
    converter = std::move(*opened);
  }
  if (auto done = converter->convert(frame.extended_data, frame.nb_samples, pcm); !done) return done;
  const auto time = time_of(frame);
  if (!time) return {};
  place(*time - origin);
  return {};
}

// Makes what was just decoded begin at `time`, where the timestamps say so.
void Decoder::State::place(Frames time) {
  const Frames gap = time - position;
  if (std::abs(gap) <= tolerance()) return;
  if (gap > Frames{kLongestSilenceSeconds} * rate || gap < -Frames{kLongestOverlapSeconds} * rate) {
    origin += gap;  // the clock was set anew, as where one stream is appended to another
  } else if (gap > 0) {
    silence = gap;
  } else {
    used = std::min(pcm.size(), static_cast<std::size_t>(-gap) * static_cast<std::size_t>(channels()));
  }
}

Frames Decoder::State::pending() const {
  return silence + static_cast<Frames>((pcm.size() - used) / static_cast<std::size_t>(channels()));
}

void Decoder::State::drop(Frames count) {
  const Frames quiet = std::min(count, silence);
  silence -= quiet;
  used += static_cast<std::size_t>((count - quiet) * channels());
  position += count;
}

void Decoder::State::clear() {
  pcm.clear();
  used = 0;
  silence = 0;
}

Result<void> Decoder::State::seek(Frames target) {
  target = std::clamp<Frames>(target, 0, end);
  const Frames preroll = frames.preroll(rate);
  const bool is_near = target >= position && target - position <= Frames{kShortSkipSeconds} * rate;
  if (!is_near) {
    // Near the start, and where only counting tells the position, decoding begins afresh.
    bool arrived = false;
    if (clock != Clock::coarse && target > preroll) {
      auto jumped = jump(target);
      if (!jumped) return tl::make_unexpected(jumped.error());
      arrived = *jumped;
    }
    if (!arrived && target < position) {
      if (auto done = restart(); !done) return done;
    }
  }
  return skip_to(target);
}

// True where decoding now stands at or before `target`, with the codec warmed up on what lies before it.
Result<bool> Decoder::State::jump(Frames target) {
  const auto begin_afresh = [&] { return restart().map([] { return false; }); };
  if (!frames.seek(origin + target - frames.preroll(rate), rate)) return begin_afresh();
  // Where single timestamps may be late, the place is where most of the first few say it is.
  const int witnesses = clock == Clock::exact ? 1 : 7;
  std::map<Frames, int> votes;
  Frames count = 0;
  const AVFrame* frame = nullptr;
  for (int i = 0; i < witnesses; ++i) {
    if (frame) count += frame->nb_samples;
    frame = frames.next();
    const auto time = frame ? time_of(*frame) : std::nullopt;
    if (!time) return begin_afresh();
    ++votes[*time - count];
  }
  const auto place = std::ranges::max_element(votes, {}, &std::pair<const Frames, int>::second);
  position = place->first + count - origin;
  if (position < 0 || position > target) return begin_afresh();
  return take(*frame).map([] { return true; });
}

Result<void> Decoder::State::restart() {
  auto file = AudioFile::open(frames.file().input());
  if (!file) return tl::make_unexpected(file.error());
  auto fresh = State::open(std::move(*file));
  if (!fresh) return tl::make_unexpected(fresh.error());
  *this = std::move(**fresh);
  return {};
}

Result<void> Decoder::State::skip_to(Frames target) {
  while (position < target) {
    if (pending() == 0) {
      const auto more = decode_next();
      if (!more) return tl::make_unexpected(more.error());
      if (!*more) return {};
      continue;
    }
    drop(std::min(pending(), target - position));
  }
  return {};
}

Result<Frames> Decoder::State::read(std::span<float> out) {
  const Frames wanted = std::min(static_cast<Frames>(out.size()) / channels(), end - position);
  Frames done = 0;
  while (done < wanted) {
    if (pending() == 0) {
      const auto more = decode_next();
      if (!more) return tl::make_unexpected(more.error());
      if (!*more) break;
      continue;
    }
    const bool is_quiet = silence > 0;
    const Frames n = std::min(wanted - done, is_quiet ? silence : pending());
    const auto to =
        out.subspan(static_cast<std::size_t>(done * channels()), static_cast<std::size_t>(n * channels()));
    if (is_quiet) {
      std::ranges::fill(to, 0.f);
    } else {
      std::copy_n(pcm.begin() + static_cast<std::ptrdiff_t>(used), to.size(), to.begin());
    }
    drop(n);
    done += n;
  }
  return done;
}

Decoder::Decoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

Result<Decoder> Decoder::open(const std::string& path) {
  return InputFile::open(path).and_then([](auto file) { return open(std::move(file)); });
}

Result<Decoder> Decoder::open(std::shared_ptr<const InputFile> input) {
  auto file = AudioFile::open(std::move(input));
  if (!file) return tl::make_unexpected(file.error());
  return State::open(std::move(*file)).map([](auto state) { return Decoder(std::move(state)); });
}

int Decoder::rate() const { return state_->rate; }
int Decoder::channels() const { return state_->channels(); }
Result<void> Decoder::seek(Frames frame) { return state_->seek(frame); }
Result<Frames> Decoder::read(std::span<float> out) { return state_->read(out); }

}  // namespace tutti::media
