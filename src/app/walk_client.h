// Ports: who is told of the walk, as control sees them. Implemented by net/, on whose threads they live.
// Called on the control thread; they hand on what they are told and return at once.
#pragma once

#include "domain/walk_people.h"

#include <memory>
#include <vector>

namespace tutti::app {

// One value for everybody: what is made of it for the wire is made once.
struct WalkNews {
  std::shared_ptr<const Walk> walk;  // all of it, after the change
  WalkKeys keys;                     // what has changed; the first time all
  WallAnchor anchor;                 // when it was by the calendar
};
using WalkNewsPtr = std::shared_ptr<const WalkNews>;

// A participant: a phone of _walk@v1, an app of /cues, a loudspeaker.
class WalkClient {
 public:
  virtual ~WalkClient() = default;

  // First the whole of it, within join(); then each change. The lead alone changing is not told.
  virtual void on_walk(const WalkNewsPtr& news) = 0;
  // Another connection has come with the same id. Nothing comes after this.
  virtual void on_replaced() = 0;
};

using WalkRows = std::vector<WalkParticipant>;

class WalkConductor {
 public:
  virtual ~WalkConductor() = default;

  // First the whole of it, within conduct(); then each change, the lead's too.
  virtual void on_walk(const WalkNewsPtr& news) = 0;
  // First all of them; then those that have changed, at most twice a second.
  virtual void on_participants(const std::shared_ptr<const WalkRows>& rows) = 0;
  virtual void on_event(const std::shared_ptr<const WalkEvent>& event) = 0;
};

}  // namespace tutti::app
