// Port: where a walk is kept: what its conductors have changed, and what is heard, in wall time, so that a
// restart in the middle of a cue moves nobody. Implemented by storage/.
#pragma once

#include "domain/walk.h"
#include "domain/walk_orders.h"

#include <functional>
#include <optional>
#include <string>

namespace tutti::app {

// The times in `walk` are counted from `anchor`, when it was saved. Kept are: sheet, live, messages, the lead
// that was set by hand, and what is armed.
struct StoredWalk {
  Walk walk;
  WallAnchor anchor;
  bool has_sheet = false;  // it was edited; else the one of walk.toml holds
  WalkCounts counts;
};

class WalkStore {
 public:
  virtual ~WalkStore() = default;

  // `walk`: the folder's or file's path. nullopt: nothing is kept of it. Before the first save; waits.
  virtual Result<std::optional<StoredWalk>> load_walk(const std::string& walk) = 0;
  // `done` is called on any thread, once it is durable or has failed; in the order of the calls.
  virtual void save_walk(std::string walk, StoredWalk state, std::function<void(Result<void>)> done) = 0;
};

}  // namespace tutti::app
