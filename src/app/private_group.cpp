#include "app/private_group.h"

#include "app/rotation_track.h"
#include "base/log.h"
#include "base/utf8.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

// So much is known ahead, more than audio is made ahead.
constexpr Duration kKnownAhead = 60s;
// While it plays, where it is is stored so often.
constexpr Duration kSaving = 10s;

PrivateTimeline::State state_of(const StoredGroup& stored, int rate) {
  return {stored.track, frames_in(stored.position, rate), false, stored.repeat, stored.shuffle};
}

}  // namespace

PrivateGroup::PrivateGroup(Surroundings& around, std::string id, StoredGroup stored)
    : Group(std::move(id), std::move(stored.name)),
      around_(around),
      owner_(std::move(stored.owner)),
      chosen_(std::move(stored.tracks)),
      timeline_(around.rate, state_of(stored, around.rate)),
      number_(around.another_timeline(0)) {
  if (stored.is_playing) played_till_ = around.anchor.to_server(stored.at);
}

void PrivateGroup::give_to(std::string owner, std::string name) {
  if (owner_ == owner && this->name() == name) return;
  owner_ = std::move(owner);
  rename(std::move(name));
  is_unsaved_ = true;
}

bool PrivateGroup::is_blank() const {
  const auto state = timeline_.state({});
  return chosen_.empty() && state.position == 0 && state.repeat == PrivateTimeline::Repeat::off &&
         !state.shuffle;
}

// --- its tracks

PrivateTimeline::Tracks PrivateGroup::tracks_of(const std::vector<TrackId>& ids) const {
  auto out = std::make_shared<std::vector<RotationTrack>>();
  for (const TrackId id : ids) {
    const Track* track = around_.library.is_present(id) ? around_.library.find(id) : nullptr;
    if (const auto part = track ? rotation_track(*track, around_.rate) : std::nullopt) out->push_back(*part);
  }
  return out;
}

void PrivateGroup::take_tracks(ServerTime now) {
  auto all = around_.all_tracks();
  if (all == all_) return;
  auto tracks = chosen_.empty() ? all : tracks_of(chosen_);
  // While the folders are looked through, what it was at may only not have been seen yet.
  const auto at = timeline_.state(now).track;
  const auto is_it = [&](const RotationTrack& each) { return each.id == at; };
  if (at && around_.library.progress().scanning && std::ranges::none_of(*tracks, is_it)) return;
  all_ = std::move(all);
  timeline_.set_tracks(std::move(tracks), now);
  if (const auto since = std::exchange(played_till_, std::nullopt); since && now - *since <= kPatience) {
    if (players() == 0) left_ = {*since, timeline_.state(now)};
    timeline_.play_since(*since);
  }
}

// --- what happens to it

void PrivateGroup::pause_unheard(ServerTime now) {
  if (!left_ || !timeline_.is_playing() || now - left_->at <= kPatience) return;
  timeline_.pause(now);
  const bool is_there = left_->state.track && timeline_.choose(*left_->state.track, now);
  if (is_there) timeline_.seek(left_->state.position, now);
}

void PrivateGroup::look(ServerTime now) {
  pause_unheard(now);
  if (members() > 0 || timeline_.is_playing()) {
    take_tracks(now);
  } else if (all_) {
    all_.reset();
    timeline_.set_tracks(nullptr, now);
  }
  timeline_.advance(now);
  for (const TrackId id : std::exchange(unplayable_, {})) timeline_.pass_over(id, now);
  if (std::exchange(turn_, timeline_.turn()) != timeline_.turn()) {
    number_ = around_.another_timeline(number_);
    is_unsaved_ = true;
  }
  auto playing = playing_at(now);
  if (is_told(playing_, playing)) return;
  playing_ = std::make_shared<const NowPlaying>(std::move(playing));
  is_unsaved_ = true;
}

void PrivateGroup::on_players(ServerTime now) {
  timeline_.advance(now);
  left_.reset();
  if (players() == 0) left_ = {now, timeline_.state(now)};
}

void PrivateGroup::abandon(ServerTime now) {
  if (players() > 0) return;
  look(now);
  timeline_.pause(now);
  look(now);
}

void PrivateGroup::act(GroupAction action, bool, ServerTime now) {
  look(now);
  switch (action) {
    case GroupAction::play:
      if (players() == 0) left_ = {now, timeline_.state(now)};
      timeline_.play(now);
      break;
    case GroupAction::pause:
      timeline_.pause(now);
      break;
    case GroupAction::stop:
      timeline_.stop(now);
      break;
    case GroupAction::next:
      timeline_.next(now);
      break;
    case GroupAction::previous:
      timeline_.previous(now);
      break;
    case GroupAction::repeat_off:
      timeline_.set_repeat(PrivateTimeline::Repeat::off);
      break;
    case GroupAction::repeat_one:
      timeline_.set_repeat(PrivateTimeline::Repeat::one);
      break;
    case GroupAction::repeat_all:
      timeline_.set_repeat(PrivateTimeline::Repeat::all);
      break;
    case GroupAction::shuffle:
      timeline_.shuffle(around_.seed());
      break;
    case GroupAction::unshuffle:
      timeline_.unshuffle();
      break;
  }
  is_unsaved_ = true;
  look(now);
}

bool PrivateGroup::choose(std::vector<TrackId> tracks, ServerTime now) {
  std::set<TrackId> seen;
  std::erase_if(tracks, [&](TrackId id) { return !seen.insert(id).second; });
  auto all = around_.all_tracks();
  auto there = tracks.empty() ? all : tracks_of(tracks);
  if (!there || there->empty()) return false;
  chosen_ = std::move(tracks);
  all_ = std::move(all);
  is_unsaved_ = true;
  played_till_.reset();
  timeline_.set_tracks(std::move(there), now);
  if (const auto first = timeline_.first()) timeline_.choose(*first, now);
  look(now);
  return true;
}

bool PrivateGroup::go_to(TrackId track, ServerTime now) {
  look(now);
  const bool is_there = timeline_.choose(track, now);
  look(now);
  return is_there;
}

void PrivateGroup::seek(Duration position, ServerTime now) {
  look(now);
  timeline_.seek(frames_in(position, around_.rate), now);
  look(now);
}

// --- what is told and stored

// From where the track begins to be heard, so that its message holds for all of it.
NowPlaying PrivateGroup::playing_at(ServerTime now) const {
  NowPlaying out;
  out.at = now;
  out.is_shuffled = timeline_.is_shuffled();
  out.repeat = timeline_.repeat();
  const auto place = timeline_.place(now);
  const Track* track = place ? around_.library.find(place->track) : nullptr;
  if (!track) return out;
  const auto ms = [&](Frames frames) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration_of(frames, around_.rate));
  };
  Frames position = place->position;
  out.is_moving = timeline_.is_playing();
  if (out.is_moving) {
    out.at = timeline_.heard_since();
    position = timeline_.place(out.at)->position;
  }
  out.has_track = true;
  out.title = display_title(*track);
  out.artist = to_valid_utf8(track->tags.artist);
  out.album = to_valid_utf8(track->tags.album);
  out.album_artist = to_valid_utf8(track->tags.album_artist);
  out.year = track->tags.year;
  out.number = track->tags.number;
  out.track = track->id;
  if (track->tags.has_cover) out.cover = track->id;
  out.position = ms(position);
  out.duration = ms(place->length);
  return out;
}

std::optional<StoredGroup> PrivateGroup::take_unsaved(ServerTime now) {
  const bool is_due = timeline_.is_playing() && now - saved_at_ >= kSaving;
  if (!is_unsaved_ && !is_due) return std::nullopt;
  is_unsaved_ = false;
  saved_at_ = now;
  return stored(now);
}

StoredGroup PrivateGroup::stored(ServerTime now) const {
  // Where a command is about to be heard, the place is that of the moment at which it will. A place is a
  // whole frame: with any other moment than that frame's, who hears it would hear a step.
  const bool plays = timeline_.is_playing();
  const ServerTime at = plays ? timeline_.frame_start(std::max(now, timeline_.heard_since())) : now;
  const auto state = timeline_.state(at);
  return {owner_,
          name(),
          chosen_,
          state.track,
          duration_of(state.position, around_.rate),
          around_.anchor.to_wall(played_till_.value_or(at)),
          state.is_playing || played_till_.has_value(),
          state.repeat,
          state.shuffle};
}

// --- its audio

std::vector<Segment> PrivateGroup::segments(Frames from, ServerTime) {
  std::vector<Segment> out;
  for (const auto& entry : timeline_.entries(from, from + frames_in(kKnownAhead, around_.rate))) {
    const Track* track = around_.library.find(entry.track);
    if (!track) continue;
    out.push_back({entry.track, track->file.path, stream_title(*track), entry.first, entry.length});
  }
  return out;
}

// Its audio is being made at this moment; the next look acts upon it.
void PrivateGroup::on_failed(const Segment& segment, const Error& why, ServerTime) {
  log::warn("{}: {} cannot be played: {}", id(), to_valid_utf8(segment.path), why.message);
  constexpr std::size_t kMost = 100;
  if (unplayable_.size() < kMost) unplayable_.push_back(segment.track);
}

}  // namespace tutti::app
