// What an app wishes of a group with a timeline of its own, in this order; what is absent stays as it is.
#pragma once

#include "domain/private_timeline.h"

#include <optional>
#include <vector>

namespace tutti {

struct GroupWish {
  static constexpr std::size_t kMostTracks = 1000;

  std::optional<std::vector<TrackId>> tracks;  // the first from its beginning; empty: all of the library
  std::optional<TrackId> track;                // one of those, from its beginning
  std::optional<bool> is_shuffled;
  std::optional<PrivateTimeline::Repeat> repeat;
  std::optional<Duration> position;  // in the track; not below 0
  std::optional<bool> is_playing;

  friend bool operator==(const GroupWish&, const GroupWish&) = default;
};

}  // namespace tutti
