#include "domain/private_timeline.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace tutti {

PrivateTimeline::PrivateTimeline(int rate, State state)
    : rate_(rate),
      track_(state.track),
      repeat_(state.repeat),
      shuffle_(state.shuffle),
      position_(std::max<Frames>(0, state.position)),
      clock_{{}, rate} {}

// --- the order

std::size_t PrivateTimeline::size() const {
  if (!tracks_) return 0;
  return shuffle_ || !unplayable_.empty() ? order_.size() : tracks_->size();
}

const RotationTrack& PrivateTimeline::at(std::size_t index) const {
  return (*tracks_)[order_.empty() ? index : order_[index]];
}

std::optional<std::size_t> PrivateTimeline::index_of(TrackId track) const {
  for (std::size_t i = 0; i < size(); ++i) {
    if (at(i).id == track) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> PrivateTimeline::following(std::size_t index) const {
  if (repeat_ == Repeat::one) return index;
  if (index + 1 < size()) return index + 1;
  return repeat_ == Repeat::all ? std::optional<std::size_t>(0) : std::nullopt;
}

void PrivateTimeline::order_anew() {
  order_.clear();
  if (tracks_ && (shuffle_ || !unplayable_.empty())) {
    order_.resize(tracks_->size());
    std::iota(order_.begin(), order_.end(), 0U);
    std::erase_if(order_, [this](std::uint32_t i) { return unplayable_.contains((*tracks_)[i].id); });
  }
  if (tracks_ && shuffle_) {
    Rotation::State drawn;
    drawn.seed = shuffle_->seed;
    const auto place = [&](std::uint32_t i) {
      const TrackId id = (*tracks_)[i].id;
      return std::tuple(shuffle_->first != id, shuffle_key(drawn, id), id);
    };
    std::sort(order_.begin(), order_.end(),
              [&](std::uint32_t a, std::uint32_t b) { return place(a) < place(b); });
  }
  index_ = track_ ? index_of(*track_).value_or(0) : 0;
}

void PrivateTimeline::set_tracks(Tracks tracks, ServerTime now) {
  // Who takes its place if the track is not there any more.
  std::vector<TrackId> successors;
  for (std::size_t i = index_; i < size(); ++i) successors.push_back(at(i).id);
  const bool was_there = size() > 0;
  const Frames before = position_at(now);
  tracks_ = std::move(tracks);
  unplayable_.clear();
  order_anew();
  if (size() == 0) {
    if (is_playing_) rest(0, before);
    return;
  }
  if (track_ && at(index_).id == *track_) {
    // Another version of its file may be shorter.
    if (position_at(now) >= at(index_).length) go_to(index_, 0, now);
    return;
  }
  if (!was_there) return rest(0, 0);
  std::set<TrackId> there;
  for (const auto& each : *tracks_) there.insert(each.id);
  const auto heir =
      std::find_if(successors.begin(), successors.end(), [&](TrackId id) { return there.contains(id); });
  if (heir != successors.end()) return go_to(*index_of(*heir), 0, now);
  if (repeat_ == Repeat::off) return rest(0, 0);
  go_to(0, 0, now);
}

void PrivateTimeline::pass_over(TrackId track, ServerTime now) {
  if (!has(track)) return;
  const bool is_current = at(index_).id == track;
  const auto after = is_current && index_ + 1 < size() ? std::optional(at(index_ + 1).id) : std::nullopt;
  unplayable_.insert(track);
  order_anew();
  if (!is_current) return;
  if (size() == 0) return rest(0, 0);
  if (after) return go_to(*index_of(*after), 0, now);
  if (repeat_ == Repeat::off) return rest(0, 0);
  go_to(0, 0, now);
}

void PrivateTimeline::shuffle(std::uint64_t seed) {
  shuffle_ = Shuffle{seed, track_};
  order_anew();
}

void PrivateTimeline::unshuffle() {
  shuffle_.reset();
  order_anew();
}

// --- where it is

Frames PrivateTimeline::position_at(ServerTime now) const {
  return is_playing_ ? std::max<Frames>(0, std::max(from_, clock_.frame_at(now)) - begins_) : position_;
}

std::optional<PrivateTimeline::Place> PrivateTimeline::place(ServerTime now) const {
  if (size() == 0) return std::nullopt;
  const RotationTrack& track = at(index_);
  return Place{track.id, std::min(position_at(now), track.length), track.length};
}

PrivateTimeline::State PrivateTimeline::state(ServerTime now) const {
  return {track_, position_at(now), is_playing_, repeat_, shuffle_};
}

std::vector<ProgrammeEntry> PrivateTimeline::entries(Frames from, Frames until) const {
  std::vector<ProgrammeEntry> out;
  if (!is_playing_) return out;
  Frames first = begins_;
  for (std::optional<std::size_t> i = index_; i && first < until; i = following(*i)) {
    const RotationTrack& track = at(*i);
    if (first + track.length > from) out.push_back({track.id, first, track.length});
    first += track.length;
  }
  return out;
}

void PrivateTimeline::advance(ServerTime now) {
  if (!is_playing_) return;
  const Frames here = clock_.frame_at(now);
  while (here >= begins_ + at(index_).length) {
    const auto next = following(index_);
    if (!next) return rest(0, 0);
    begins_ += at(index_).length;
    index_ = *next;
    track_ = at(index_).id;
  }
}

// --- commands

void PrivateTimeline::begin(Frames position, ServerTime at) {
  ++turn_;
  is_playing_ = true;
  clock_.epoch = at - duration_of(position, rate_);
  begins_ = 0;
  from_ = position;
}

void PrivateTimeline::rest(std::size_t index, Frames position) {
  if (std::exchange(is_playing_, false)) ++turn_;
  index_ = index;
  if (index < size()) track_ = at(index).id;
  position_ = position;
}

void PrivateTimeline::go_to(std::size_t index, Frames position, ServerTime now) {
  index_ = index;
  track_ = at(index).id;
  if (is_playing_) {
    begin(position, now + kNotice);
  } else {
    position_ = position;
  }
}

bool PrivateTimeline::play(ServerTime now) { return is_playing_ || play_since(now + kNotice); }

bool PrivateTimeline::play_since(ServerTime at) {
  if (size() == 0) return false;
  if (is_playing_) return true;
  track_ = this->at(index_).id;
  if (position_ >= this->at(index_).length) position_ = 0;
  begin(position_, at);
  return true;
}

void PrivateTimeline::pause(ServerTime now) {
  if (is_playing_) rest(index_, position_at(now));
}

void PrivateTimeline::stop(ServerTime) { rest(index_, 0); }

void PrivateTimeline::next(ServerTime now) {
  if (size() == 0) return;
  if (index_ + 1 < size()) return go_to(index_ + 1, 0, now);
  if (repeat_ == Repeat::off) return rest(0, 0);
  go_to(0, 0, now);
}

void PrivateTimeline::previous(ServerTime now) {
  if (size() == 0) return;
  std::size_t index = index_;
  if (position_at(now) <= frames_in(kAnew, rate_)) {
    if (index > 0) {
      --index;
    } else if (repeat_ != Repeat::off) {
      index = size() - 1;
    }
  }
  go_to(index, 0, now);
}

void PrivateTimeline::seek(Frames position, ServerTime now) {
  if (size() > 0) go_to(index_, std::clamp<Frames>(position, 0, at(index_).length - 1), now);
}

bool PrivateTimeline::choose(TrackId track, ServerTime now) {
  const auto index = index_of(track);
  if (index) go_to(*index, 0, now);
  return index.has_value();
}

}  // namespace tutti
