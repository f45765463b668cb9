// Port: where the library's index is kept between starts. Implemented by storage/.
#pragma once

#include "base/result.h"
#include "domain/track.h"

#include <vector>

namespace tutti::app {

class TrackStore {
 public:
  virtual ~TrackStore() = default;

  // Every track ever indexed. Called once, at start, and waits.
  virtual Result<std::vector<Track>> load_tracks() = 0;
  // Inserts or replaces by id. Queued; durable soon after, in order.
  virtual void save_tracks(std::vector<Track> tracks) = 0;
};

}  // namespace tutti::app
