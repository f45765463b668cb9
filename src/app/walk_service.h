// The walk: what conductors do becomes what everybody is told. Every change is stored before it is told;
// changes are made one after the other. Owned by the control thread.
#pragma once

#include "app/walk_client.h"
#include "app/walk_log_keeper.h"
#include "app/walk_store.h"
#include "base/result.h"
#include "domain/walk_orders.h"
#include "domain/walk_people.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

// One connection of a participant, or of a conductor. Never 0.
using WalkVisit = std::uint64_t;

struct NewWalker {
  std::string id, name;  // the client's own words
  WalkParticipant::Kind kind = WalkParticipant::Kind::phone;
};

class WalkService {
 public:
  // Runs what it is given on the control thread.
  using Post = std::function<void(std::function<void()>)>;
  // Tells the control thread's time.
  using Clock = std::function<ServerTime()>;
  using Done = std::function<void(Result<void>)>;

  static constexpr std::size_t kMostParticipants = 10'000;  // rows; those that left make room
  static constexpr std::size_t kMostWaiting = 64;           // orders, while one is being stored

  WalkService(WalkStore& store, WallAnchor anchor, Post post, Clock clock);

  // There is a walk from now on; `path` is its name in the store. Error: the store cannot be read.
  Result<void> open(std::string path, WalkAbout about, std::vector<WalkCue> sheet);
  bool is_open() const { return is_open_; }
  // What phones can download has changed: an asset is ready, a file has come. Told to everybody.
  void set_assets(std::vector<WalkAsset> assets);

  // --- participants. The client is told the whole state at once. A connection with the same id that is there
  // already is replaced. Error: there is no walk, or too many take part.
  Result<WalkVisit> join(NewWalker about, std::shared_ptr<WalkClient> client);
  // Of a visit that has gone these do nothing.
  void report(WalkVisit visit, const WalkReport& report);
  void ack(WalkVisit visit, const WalkAck& ack);
  void seen(WalkVisit visit, std::int64_t message);
  void leave(WalkVisit visit);
  // What an app of /cues has done, in the words of its own. Of apps nothing else is noted.
  void remark(WalkVisit visit, WalkEvent::Kind kind, std::string text,
              std::optional<Duration> latency = std::nullopt);

  // --- conductors. Told the whole state, all participants at once.
  Result<WalkVisit> conduct(std::shared_ptr<WalkConductor> conductor);
  void leave_conducting(WalkVisit visit) { conductors_.erase(visit); }

  // `done` within the call where it is refused (the error says what was expected), else once it is stored and
  // everybody has been told.
  void order(WalkOrder order, std::string author, Done done);

  // --- what is there
  // As of now.
  WalkNewsPtr news() const;
  WalkRows participants() const;
  const std::deque<WalkEvent>& log() const { return log_.events(); }

  // Several times a second.
  void tick();
  // Before the store is closed: what the log has and the store has not.
  void keep_log() { log_.save(clock_(), true); }

 private:
  struct Row {
    WalkParticipant about;
    WalkVisit visit = 0;  // 0: it has left
    std::shared_ptr<WalkClient> client;
    bool is_changed = false;
    ServerTime able_since;  // connected, and nothing has come since that it would have had to wait for
  };
  struct Told {
    Duration lead;
    ServerTime at;
  };
  struct Waiting {
    WalkOrder order;
    std::string author;
    Done done;
  };
  Row* find(WalkVisit visit);
  bool make_room();
  void take_next();
  void carry_out(Waiting next);
  void on_stored(const WalkChange& change, const Waiting& order, const Result<void>& stored);
  void tell(WalkKeys keys);
  void note(WalkEvent::Kind kind, std::string text, const WalkParticipant* who = nullptr,
            std::optional<Duration> latency = std::nullopt);
  void measure();

  WalkStore& store_;
  WallAnchor anchor_;
  Post post_;
  Clock clock_;
  bool is_open_ = false;
  std::string path_;
  Walk walk_;
  bool has_sheet_ = false, has_about_ = false;  // were edited
  WalkCounts counts_;
  std::map<std::int64_t, Told> told_;  // of the latest cues
  std::map<std::string, Row> rows_;    // by the participant's id
  std::map<WalkVisit, std::string> ids_;
  std::map<WalkVisit, std::shared_ptr<WalkConductor>> conductors_;
  std::deque<Waiting> waiting_;
  bool is_storing_ = false;
  WalkLogKeeper log_;
  WalkVisit last_visit_ = 0;
  std::size_t events_told_ = 0;  // of participants, since the last tick
  ServerTime rows_told_, measured_at_;
};

}  // namespace tutti::app
