#include "media/programme_reader.h"

#include <algorithm>
#include <cstdlib>

namespace tutti::media {
namespace {

constexpr int kPreloadSeconds = 10;  // before the end of what is on air
constexpr Frames kFeed = 1152;       // file frames decoded at a time
constexpr Frames kLargestDrift = 4;  // station frames that joined tracks may be off before the run is cut

bool is_same(const Segment& a, const Segment& b) {
  return a.first == b.first && a.length == b.length && a.track == b.track && a.path == b.path;
}

// The same, but for an earlier end.
bool is_shortened(const Segment& before, const Segment& now) {
  return before.first == now.first && before.track == now.track && before.path == now.path &&
         now.length < before.length;
}

}  // namespace

ProgrammeReader::Piece ProgrammeReader::read(std::span<const Segment> segments, std::span<float> out,
                                             const Failed& failed) {
  // The first that has not ended is on air or, where it has not begun, is what the silence waits for.
  const auto here = std::ranges::find_if(segments, [&](const Segment& s) { return s.end() > position_; });
  const bool is_on_air = here != segments.end() && here->first <= position_;
  const auto coming =
      segments.subspan(static_cast<std::size_t>(here - segments.begin()) + (is_on_air ? 1 : 0));

  auto frames = static_cast<Frames>(out.size()) / station_.channels;
  if (is_on_air) {
    frames = std::min(frames, here->end() - position_);
  } else if (!coming.empty()) {
    frames = std::min(frames, coming.front().first - position_);
  }
  out = out.first(static_cast<std::size_t>(frames * station_.channels));
  if (is_on_air) {
    if (on_air_ && is_shortened(*on_air_, *here)) shorten(*here);
    if (!on_air_ || !is_same(*on_air_, *here)) put_on_air(*here, failed);
    const bool is_adjacent = !coming.empty() && coming.front().first == here->end();
    fill(out, is_adjacent ? &coming.front() : nullptr, failed);
  } else {
    on_air_.reset();
    feeding_.reset();
    std::ranges::fill(out, 0.f);
    position_ += frames;
  }
  preload(coming, failed);
  return {frames, is_on_air ? &*here : nullptr};
}

// An operator goes on to the next track. This one's file stays open and its run goes on until then, so that
// there is no edge in its sound before its end.
void ProgrammeReader::shorten(const Segment& segment) {
  if (feeding_ && is_same(feeding_->segment, *on_air_)) feeding_->segment = segment;
  on_air_ = segment;
}

void ProgrammeReader::preload(std::span<const Segment> coming, const Failed& failed) {
  coming = coming.first(std::min(coming.size(), static_cast<std::size_t>(preload_tracks_)));
  std::erase_if(preloaded_, [&](const Opened& opened) {
    return std::ranges::none_of(coming, [&](const Segment& s) { return is_same(s, opened.segment); });
  });
  // The first listener waits for the first half second; the next track can wait for that.
  if (coming.empty() || position_ - first_ < station_.rate / 2) return;
  if (coming.front().first - position_ > Frames{kPreloadSeconds} * station_.rate) return;
  for (const Segment& segment : coming) {
    const auto is_this = [&](const Opened& opened) { return is_same(opened.segment, segment); };
    if (std::ranges::any_of(preloaded_, is_this) || (feeding_ && is_this(*feeding_))) continue;
    Opened opened = open(segment, 0, failed);
    if (opened.reader) {
      if (const auto done = opened.reader->preload(); !done) {
        failed(segment, done.error());
        opened.reader.reset();
      }
    }
    preloaded_.push_back(std::move(opened));
    return;  // one file a call, so that none of them waits long
  }
}

ProgrammeReader::Opened ProgrammeReader::open(const Segment& segment, Frames offset, const Failed& failed) {
  auto reader = TrackReader::open(segment, offset, station_.rate, lengths_);
  if (reader) return {segment, std::move(*reader)};
  failed(segment, reader.error());
  return {segment, std::nullopt};
}

ProgrammeReader::Opened ProgrammeReader::take_or_open(const Segment& segment, const Failed& failed) {
  const auto found = std::ranges::find_if(
      preloaded_, [&](const Opened& opened) { return is_same(opened.segment, segment); });
  if (found == preloaded_.end()) return open(segment, std::max<Frames>(0, position_ - segment.first), failed);
  Opened opened = std::move(*found);
  preloaded_.erase(found);
  return opened;
}

void ProgrammeReader::put_on_air(const Segment& segment, const Failed& failed) {
  on_air_ = segment;
  if (feeding_ && is_same(feeding_->segment, segment)) return;  // joined already
  feeding_ = take_or_open(segment, failed);
  resampler_.reset();
  finished_ = !feeding_->reader;
  fed_ = taken_ = lead_ = 0;
  if (finished_) return;
  lead_ = feeding_->reader->lead();
  auto resampler = Resampler::open(feeding_->reader->shape(), station_);
  if (resampler) {
    resampler_ = std::move(*resampler);
  } else {
    give_up(resampler.error(), failed);
  }
}

void ProgrammeReader::fill(std::span<float> out, const Segment* next, const Failed& failed) {
  while (!out.empty()) {
    const Frames frames = resampler_ ? resampler_->take(out) : 0;
    out = out.subspan(static_cast<std::size_t>(frames * station_.channels));
    taken_ += frames;
    position_ += frames;
    if (frames == 0 && !feed(next, failed)) {
      std::ranges::fill(out, 0.f);
      position_ += static_cast<Frames>(out.size()) / station_.channels;
      return;
    }
  }
}

// Pushes a little more into the resampler. False where this run has nothing more to give.
bool ProgrammeReader::feed(const Segment* next, const Failed& failed) {
  if (finished_) return false;
  const PcmShape shape = resampler_->from();
  chunk_.resize(static_cast<std::size_t>(kFeed * shape.channels));
  const auto frames = feeding_->reader->read(chunk_);
  if (!frames) {
    give_up(frames.error(), failed);
    return false;
  }
  Result<void> done;
  if (*frames > 0) {
    done = resampler_->push(std::span(chunk_).first(static_cast<std::size_t>(*frames * shape.channels)));
    fed_ += *frames;
  } else if (!join(next, failed)) {
    done = resampler_->finish();
    finished_ = true;
  }
  if (!done) {
    give_up(done.error(), failed);
    return false;
  }
  const Frames dropped = std::min(lead_, resampler_->ready());
  resampler_->discard(dropped);
  lead_ -= dropped;
  taken_ += dropped;
  return true;
}

// An album cut into files has no edge in its sound where the files meet; a resampler that stopped and started
// there would make one. So it runs on where the next track follows at once and at the same rate.
bool ProgrammeReader::join(const Segment* next, const Failed& failed) {
  const PcmShape shape = resampler_->from();
  const bool ends_exactly = shape.rate == station_.rate && lengths_ == TrackReader::Lengths::exact;
  if (!next || ends_exactly || !is_same(feeding_->segment, *on_air_) || !feeding_->reader->fits()) {
    return false;
  }
  const Frames drift = rescale(fed_, shape.rate, station_.rate) - (taken_ + on_air_->end() - position_);
  if (std::abs(drift) > kLargestDrift) return false;
  Opened opened = take_or_open(*next, failed);
  const bool can_join = opened.reader && opened.reader->shape() == shape;
  if (can_join) {
    feeding_ = std::move(opened);
  } else {
    preloaded_.push_back(std::move(opened));
  }
  return can_join;
}

void ProgrammeReader::give_up(const Error& why, const Failed& failed) {
  failed(feeding_->segment, why);
  feeding_->reader.reset();
  resampler_.reset();
  finished_ = true;
}

}  // namespace tutti::media
