// Where each listener's stream began, for players that gave themselves a key because they want to show titles
// when they are heard. Owned by the control thread.
#pragma once

#include "base/time.h"
#include "domain/track.h"

#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tutti::app {

// A track in one listener's own programme.
struct PersonalEntry {
  TrackId track;
  ServerTime heard_at;  // its first sample, on the listener's time axis
};

struct ListenerStart {
  std::string route;
  ServerTime first_sample_at;
  Duration skipped{0};                  // lost since by being too slow
  std::vector<PersonalEntry> tracks{};  // of an individual station: the latest few, oldest first
};

class ListenerRegistry {
 public:
  // The oldest of more than `capacity` entries are forgotten: keys are made up by clients.
  explicit ListenerRegistry(std::size_t capacity = 10'000) : capacity_(capacity) {}

  void set(const std::string& key, ListenerStart start) {
    if (!starts_.insert_or_assign(key, std::move(start)).second) return;
    order_.push_back(key);
    if (order_.size() <= capacity_) return;
    starts_.erase(order_.front());
    order_.pop_front();
  }

  void add_skipped(const std::string& key, Duration lost) {
    const auto found = starts_.find(key);
    if (found != starts_.end()) found->second.skipped += lost;
  }

  void add_track(const std::string& key, PersonalEntry entry) {
    const auto found = starts_.find(key);
    if (found == starts_.end()) return;
    auto& tracks = found->second.tracks;
    if (tracks.size() >= kMostTracks) tracks.erase(tracks.begin());
    tracks.push_back(entry);
  }

  // nullptr if unknown.
  const ListenerStart* find(const std::string& key) const {
    const auto found = starts_.find(key);
    return found == starts_.end() ? nullptr : &found->second;
  }

 private:
  static constexpr std::size_t kMostTracks = 4;

  std::size_t capacity_;
  std::unordered_map<std::string, ListenerStart> starts_;
  std::deque<std::string> order_;
};

}  // namespace tutti::app
