// The client's side of `_walk@v1` (docs/protocol.md): says what is to be said when, and keeps the state of
// the walk. Sans I/O: the connection carries texts, the time is told.
//
// Times of the walk, and of the clock beside it, are of a line that goes on through a restart of the server,
// whose clock then is another one: a cue that is heard stays where it is, and what is off is the clock's.
#pragma once

#include "base/result.h"
#include "domain/walk_people.h"
#include "player/clock_line.h"
#include "player/server_time_keeper.h"
#include "protocol/sendspin_messages.h"

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::player {

struct WalkerProfile {
  std::string id;    // the same each time, so that a server knows it again
  std::string name;  // for people
  std::string version;
};

class WalkClient {
 public:
  explicit WalkClient(WalkerProfile profile) : profile_(std::move(profile)) {}

  // A connection stands.
  void begin();
  // Error: the server breaks the protocol, or has no walk.
  Result<void> on_text(std::string_view text, ClientTime arrived);

  // The next message, written at `now`; nullopt: none yet.
  std::optional<std::string> speak(ClientTime now);
  // When to ask again although nothing was heard or changed.
  ClientTime speaks_at(ClientTime now) const;

  // What is to be told: how it is, all of it; what has happened. What cannot be told is not kept for later:
  // how it is is told anew on each connection.
  void report(const WalkReport& all);
  void say(const protocol::sendspin::WalkSaid& said);
  void leave() { is_leaving_ = true; }
  bool has_left() const { return has_left_; }

  const std::string& server() const { return server_; }
  // The walk as it is known, and where its assets are on the server. Grows with each change.
  std::int64_t edition() const { return edition_; }
  const Walk& walk() const { return walk_; }
  const std::vector<std::string>& urls() const { return urls_; }
  // Whether this connection has shown of which clock its times are, and what is so now.
  bool is_current() const { return hello_heard_ && keeper_.verdict() != ServerTimeKeeper::Verdict::open; }
  // At `now`; not known before the first connection has shown it.
  ClockLine clock(ClientTime now) const;
  // Half of the longest of the last round trips.
  std::optional<Duration> latency() const;

 private:
  Result<void> on_hello(const protocol::sendspin::ServerHello& hello);
  void on_time(const protocol::sendspin::TimeAnswer& answer, ClientTime arrived);
  void take(const protocol::sendspin::WalkState& state);
  void enter_new_time(const Walk& told, ClientTime now);
  void catch_up(ClientTime now);
  std::optional<std::string> changes();

  const WalkerProfile profile_;
  ServerTimeKeeper keeper_;
  Walk walk_;
  std::vector<std::string> urls_;
  std::int64_t edition_ = 0;
  std::string server_;
  Duration shift_{0};  // what the server's times have above those of the walk here
  // The server's clock is another one, and no state of it has come yet: until then the walk here is of this.
  bool is_time_new_ = false;
  std::optional<ClockFilter> held_;
  WalkReport report_;
  std::set<std::int64_t> known_;  // cues that were acknowledged

  // Of the connection.
  bool hello_said_ = false, hello_heard_ = false;
  std::vector<protocol::sendspin::WalkState> waiting_;  // until it is known of which clock they are
  std::optional<ClientTime> asked_, next_question_;
  std::optional<WalkReport> told_;
  bool is_state_told_ = false;
  std::deque<protocol::sendspin::WalkSaid> said_;
  std::deque<Duration> trips_;
  bool is_leaving_ = false, has_left_ = false;
};

}  // namespace tutti::player
