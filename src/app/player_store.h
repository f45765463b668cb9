// Port: where the players' states are kept, so that several servers may share them. Implemented by storage/.
// Every answer arrives on the control thread, never within the call.
#pragma once

#include "base/result.h"
#include "domain/player_state.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

using TextPtr = std::shared_ptr<const std::string>;

// Which update of which server process a change came from.
struct PlayerOrigin {
  std::uint64_t server = 0;
  std::uint64_t update = 0;
  friend bool operator==(const PlayerOrigin&, const PlayerOrigin&) = default;
};

// One accepted update: the state after it, and what the device had sent.
struct PlayerChange {
  PlayerState state;
  TextPtr text;  // null: no device said it; devices are told the state
  PlayerOrigin origin;
};

class PlayerStore {
 public:
  class Events {
   public:
    virtual ~Events() = default;
    // A change of a loaded user was stored durably, by this server or another: in the order of revisions,
    // none missing as long as the store is well.
    virtual void on_changed(const std::string& user, const PlayerChange& change) = 0;
    // The store is well again after a time in which changes may have been missed.
    virtual void on_restored() = 0;
    // A server that was not stopped properly had this user's last device; it was last alive at `lost_at`.
    virtual void on_abandoned(const std::string& user, WallTime lost_at) = 0;
  };
  struct Saved {
    bool outrun = false;         // nothing was stored: the state is another one than expected
    std::uint64_t revision = 0;  // the one that is stored now; 0: none
  };
  using Post = std::function<void(std::function<void()>)>;
  using OnLoaded = std::function<void(Result<std::optional<PlayerState>>)>;
  using OnSaved = std::function<void(Result<Saved>)>;
  using OnLeft = std::function<void(Result<bool>)>;

  virtual ~PlayerStore() = default;

  // Before anything else. `post` runs what it is given on the control thread, where `events` are told of.
  virtual void open(Events& events, Post post) = 0;
  // Stores what is queued; nothing is answered or told any more. Last.
  virtual void close() = 0;
  // The stored state; from then on, on_changed tells of every change after it, until forget().
  virtual void load(const std::string& user, OnLoaded done) = 0;
  virtual void forget(const std::string& user) = 0;
  // Stores the last of `changes` if the stored revision still is `expected` (nullopt: there is no state), as
  // one step, and tells every server that has loaded the user of all of them. `changes` is not empty, its
  // revisions are consecutive. One call at a time per user. Error: it is not known to be stored.
  virtual void save(const std::string& user, std::optional<std::uint64_t> expected,
                    std::vector<PlayerChange> changes, OnSaved done) = 0;
  // This server has a first device of the user.
  virtual void enter(const std::string& user) = 0;
  // This server has lost its last device of the user. The answer: no other server has one either.
  virtual void leave(const std::string& user, OnLeft done) = 0;
  // Why nothing can be stored at the moment, for a person; "" while all is well.
  virtual std::string trouble() const = 0;
};

}  // namespace tutti::app
