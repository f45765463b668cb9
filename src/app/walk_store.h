// Port: where a walk is kept: what its conductors have changed, and what is heard, in wall time, so that a
// restart in the middle of a cue moves nobody. Implemented by storage/.
#pragma once

#include "domain/walk.h"
#include "domain/walk_orders.h"
#include "domain/walk_people.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

// The times in `walk` are counted from `anchor`, when it was saved. Kept are: what was edited (words,
// sheet) and its revision, live and how far the
// sheet has come, messages, the lead that was set by hand, and what is armed.
struct StoredWalk {
  Walk walk;
  WallAnchor anchor;
  bool has_sheet = false;  // it was edited; else the one of walk.toml holds
  bool has_about = false;  // likewise
  WalkCounts counts;
};

// Events, the oldest first; their times are counted from `anchor`.
struct WalkLog {
  std::vector<WalkEvent> events;
  WallAnchor anchor;
};

class WalkStore {
 public:
  static constexpr std::size_t kMostEvents = 10'000;  // of a walk's log; the newest are kept

  virtual ~WalkStore() = default;

  // `walk`: the folder's or file's path. nullopt: nothing is kept of it. Before the first save; waits.
  virtual Result<std::optional<StoredWalk>> load_walk(const std::string& walk) = 0;
  // `done` is called on any thread, once it is durable or has failed; in the order of the calls.
  virtual void save_walk(std::string walk, StoredWalk state, std::function<void(Result<void>)> done) = 0;

  // At most kMostEvents. Before the first call of add_to_log; waits.
  virtual Result<WalkLog> load_log(const std::string& walk) = 0;
  // Behind what is there. `more`: at most kMostEvents. `done` as for save_walk.
  virtual void add_to_log(std::string walk, WalkLog more, std::function<void(Result<void>)> done) = 0;

  // Stores what is queued, then nothing is answered any more.
  virtual void close() = 0;
};

}  // namespace tutti::app
