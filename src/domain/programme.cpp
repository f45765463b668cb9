#include "domain/programme.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace tutti {

Programme::Programme(Rotation::Order order, State state)
    : rotation_(order, state.rotation), entries_(state.entries.begin(), state.entries.end()) {
  for (std::size_t i = 0; i < entries_.size(); ++i) entries_[i].place = static_cast<std::int64_t>(i);
}

void Programme::set_tracks(std::vector<RotationTrack> tracks, Frames settled) {
  std::unordered_map<std::int64_t, Frames> lengths;
  for (const auto& track : tracks) lengths.emplace(track.id.value, track.length);
  const auto begun =
      std::ranges::find_if(entries_, [&](const ProgrammeEntry& entry) { return entry.first >= settled; });
  const auto from = static_cast<std::size_t>(begun - entries_.begin());
  const auto stale = std::remove_if(begun, entries_.end(), [&](const ProgrammeEntry& entry) {
    const auto length = lengths.find(entry.track.value);
    return length == lengths.end() || length->second != entry.length;
  });
  if (stale != entries_.end()) {
    entries_.erase(stale, entries_.end());
    // With one gone from between them, two of the same track may have become neighbours.
    const auto kept = entries_.begin() + static_cast<std::ptrdiff_t>(from > 0 ? from - 1 : 0);
    const auto same = [](const ProgrammeEntry& a, const ProgrammeEntry& b) { return a.track == b.track; };
    if (tracks.size() > 1) entries_.erase(std::unique(kept, entries_.end(), same), entries_.end());
    close_gaps(from);
  }
  rotation_.set_tracks(std::move(tracks));
}

void Programme::close_gaps(std::size_t from) {
  for (std::size_t i = std::max<std::size_t>(from, 1); i < entries_.size(); ++i) {
    entries_[i].first = entries_[i - 1].end();
  }
}

bool Programme::extend(Frames now, Frames until) {
  bool changed = false;
  while (!rotation_.empty() && (entries_.empty() || entries_.back().end() < until)) {
    Frames first = entries_.empty() ? now : entries_.back().end();
    if (first < now) first += rotation_.skip_cycles(now - first);
    const RotationTrack track = rotation_.next();
    const std::int64_t place = entries_.empty() ? 0 : entries_.back().place + 1;
    entries_.push_back({track.id, first, track.length, place});
    changed = true;
    trim(now);
  }
  return changed;
}

void Programme::trim(Frames now) {
  while (entries_.size() > kHistory + 1 && entries_[kHistory].end() <= now) entries_.pop_front();
}

std::size_t Programme::index_at(Frames frame) const {
  const auto entry = std::ranges::find_if(
      entries_, [&](const ProgrammeEntry& e) { return e.first <= frame && frame < e.end(); });
  return static_cast<std::size_t>(entry - entries_.begin());
}

void Programme::cut(Frames frame) {
  const std::size_t index = index_at(frame);
  if (index == entries_.size()) return;
  ProgrammeEntry& entry = entries_[index];
  entry.length = frame - entry.first;
  if (entry.length == 0) {
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(index));
    if (index == 0 && !entries_.empty()) entries_.front().first = frame;
  }
  close_gaps(index);
}

void Programme::back(Frames frame) {
  std::size_t index = index_at(frame);
  if (index == entries_.size()) return;
  const ProgrammeEntry current = entries_[index];
  const ProgrammeEntry* before = nullptr;
  for (std::size_t i = 0; i < index; ++i) {
    const ProgrammeEntry& entry = entries_[i];
    const bool is_earlier = entry.place < current.place && rotation_.find(entry.track);
    if (is_earlier && (!before || entry.place >= before->place)) before = &entry;
  }
  std::vector<ProgrammeEntry> again;
  const auto play_again = [&](const ProgrammeEntry& entry) {
    // A file that has gone cannot be; one that has changed has its new length.
    if (const auto* track = rotation_.find(entry.track))
      again.push_back({track->id, frame, track->length, entry.place});
  };
  if (before) play_again(*before);
  play_again(current);
  if (again.empty()) return;
  entries_[index].length = frame - current.first;
  const auto at = entries_.begin() + static_cast<std::ptrdiff_t>(index);
  if (entries_[index].length == 0) {
    entries_.erase(at);
  } else {
    ++index;
  }
  entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(index), again.begin(), again.end());
  close_gaps(index + 1);
  trim(frame);
}

void Programme::reorder(Rotation::Order order, std::uint64_t seed, Frames frame) {
  const auto later = std::ranges::find_if(entries_, [&](const ProgrammeEntry& e) { return e.first > frame; });
  entries_.erase(later, entries_.end());
  rotation_.reorder(order, seed, entries_.empty() ? std::nullopt : std::optional(entries_.back().track));
}

void Programme::forget_history(Frames frame) {
  while (!entries_.empty() && entries_.front().end() <= frame) entries_.pop_front();
}

const ProgrammeEntry* Programme::at(Frames frame) const {
  const auto after = std::ranges::upper_bound(entries_, frame, {}, &ProgrammeEntry::first);
  if (after == entries_.begin()) return nullptr;
  const auto& entry = *std::prev(after);
  return frame < entry.end() ? &entry : nullptr;
}

}  // namespace tutti
