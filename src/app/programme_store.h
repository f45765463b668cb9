// Port: where the stations' programmes are kept between starts. Implemented by storage/.
#pragma once

#include "base/result.h"
#include "domain/programme.h"

#include <map>
#include <optional>
#include <string>

namespace tutti::app {

struct StoredProgramme {
  WallTime epoch;  // when station frame 0 is on air
  int rate = 0;    // of the station's frames, Hz
  Programme::State state;
  std::optional<Rotation::Order> order;  // what an operator has chosen; else the option decides

  friend bool operator==(const StoredProgramme&, const StoredProgramme&) = default;
};

class ProgrammeStore {
 public:
  virtual ~ProgrammeStore() = default;

  // By route. Called once, at start, and waits.
  virtual Result<std::map<std::string, StoredProgramme>> load_programmes() = 0;
  // Queued; durable soon after, in order.
  virtual void save_programme(std::string route, StoredProgramme programme) = 0;
};

}  // namespace tutti::app
