// Where sound in sync goes: what takes it says when it is heard, and asks for it from a thread of its own.
// Opened and closed by one thread, the one that plays.
#pragma once

#include "player/output.h"
#include "player/sync_engine.h"

#include <memory>
#include <string>

namespace tutti::player {

class SyncOutput {
 public:
  virtual ~SyncOutput() = default;

  // For people.
  virtual std::string name() const = 0;
  // `engine` is asked for its sound until close(), which comes before it goes. Error: such sound cannot be
  // played here.
  virtual Result<void> open(SyncEngine& engine) = 0;
  virtual Result<void> close() = 0;
  // Error: it has gone while it was open.
  virtual Result<void> check() = 0;
};

struct SyncOutputChoice {
  std::string name;                           // as make_output() takes it
  SampleFormat recorded = SampleFormat::s16;  // of files and standard output
  double drift = 0;                           // of what is no device: its second is longer by this share
};

// Error, for a person: there is no such device or folder.
Result<std::unique_ptr<SyncOutput>> make_sync_output(const SyncOutputChoice& choice);

}  // namespace tutti::player
