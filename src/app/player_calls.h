// The players that the server connects to, rather than they to it: those that it is told of, and those that
// are found on the network. Decides whom to call, when and why, by the rules of Sendspin for several servers:
// who has left for another one is not called again by itself. Owned by the control thread; time is an
// argument.
#pragma once

#include "app/player_caller.h"
#include "base/result.h"
#include "base/time.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

class PlayerCalls {
 public:
  // More are left alone: anybody on the network may announce any number.
  static constexpr std::size_t kMostPlayers = 64;
  static constexpr std::size_t kMostAddresses = 8;  // of one
  static constexpr std::size_t kMostAtOnce = 8;     // calls that are not answered yet
  // For a player to introduce itself after it was called.
  static constexpr Duration kPatience{15'000'000};
  // After a call that failed; twice as long each time.
  static constexpr Duration kFirstPause{1'000'000}, kLongestPause{60'000'000};
  // A connection that held for so long was a good one.
  static constexpr Duration kGood{10'000'000};

  explicit PlayerCalls(PlayerCaller& caller) : caller_(caller) {}

  // By an option: called for playback at first, and for ever again until it declines.
  void add(const PlayerAddress& address, ServerTime now);
  // `name`: what it is announced as. Again with another address of the same, or with one known already.
  void found(const std::string& name, const PlayerAddress& address, ServerTime now);
  void lost(const std::string& name);

  void on_up(CallId id, const std::string& client, ServerTime now);
  void on_over(CallId id, const CallEnd& end, ServerTime now);
  void tick(ServerTime now);
  // Calls nobody any more, and ends what there is.
  void stop();

  std::size_t known() const { return players_.size(); }

  // --- for an operator
  enum class Phase {
    waiting,  // until it is called (again)
    calling,
    up,
    resting,  // it has declined, and is not called by itself
  };
  struct Known {
    std::string name, url;  // UTF-8
    Phase phase;
    std::string why;  // the last connection has ended, "" where there was none
  };
  std::vector<Known> list() const;
  bool has(const std::string& name) const { return players_.contains(name); }
  // Calls it now, so that it leaves another server for this one. Error: it is connected, or being called.
  Result<void> call_to_play(const std::string& name, ServerTime now);

 private:
  struct Player {
    std::vector<PlayerAddress> addresses;  // the one to try next first
    bool is_announced = false, is_lasting = false;
    CallReason reason = CallReason::discovery;
    Phase phase = Phase::waiting;
    ServerTime at;  // waiting: when to call; else since when
    CallId call = 0;
    int failures = 0;
    bool is_hanging_up = false;
    std::string why;  // the last one ended
  };
  using Players = std::map<std::string, Player>;

  Player* player_of(const std::string& key, ServerTime now);
  Players::iterator find(CallId id);
  void call(Player& player, ServerTime now);
  void try_again(const std::string& key, Player& player, const CallEnd& end, ServerTime now);

  PlayerCaller& caller_;
  Players players_;  // by name, or address
  CallId next_id_ = 1;
  bool is_over_ = false, is_full_ = false;
};

}  // namespace tutti::app
