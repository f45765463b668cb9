#include "domain/programme.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace tutti {

Programme::Programme(Rotation::Order order, State state)
    : rotation_(order, state.rotation), entries_(state.entries.begin(), state.entries.end()) {}

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
    entries_.push_back({track.id, first, track.length});
    changed = true;
    const auto ended = [now](const ProgrammeEntry& entry) { return entry.end() <= now; };
    while (entries_.size() > kHistory + 1 && ended(entries_[kHistory])) entries_.pop_front();
  }
  return changed;
}

void Programme::cut(Frames frame) {
  const auto entry = std::ranges::find_if(
      entries_, [&](const ProgrammeEntry& e) { return e.first <= frame && frame < e.end(); });
  if (entry == entries_.end()) return;
  const auto index = static_cast<std::size_t>(entry - entries_.begin());
  entry->length = frame - entry->first;
  if (entry->length == 0) entries_.erase(entry);
  close_gaps(index);
  if (index < entries_.size() && index == 0) entries_.front().first = std::min(entries_.front().first, frame);
}

const ProgrammeEntry* Programme::at(Frames frame) const {
  const auto after = std::ranges::upper_bound(entries_, frame, {}, &ProgrammeEntry::first);
  if (after == entries_.begin()) return nullptr;
  const auto& entry = *std::prev(after);
  return frame < entry.end() ? &entry : nullptr;
}

}  // namespace tutti
