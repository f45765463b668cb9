// A walk in Redis: the hash `walks`, path → walk as JSON; and the list `walk_log:PATH` of what happened, as
// JSON, the oldest first. One server conducts a walk; another one may go on
// with it. What could not be stored while Redis was away is stored when it is back.
#pragma once

#include "app/walk_store.h"
#include "storage/redis_commands.h"

#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace tutti::storage {

class RedisWalkStore : public app::WalkStore {
 public:
  struct Settings {
    // A walk to JSON and back (protocol/kept_walk.h).
    std::function<std::string(const app::StoredWalk&)> write;
    std::function<Result<app::StoredWalk>(const std::string&)> read;
    // Likewise an event, whose time is counted from 1970.
    std::function<std::string(const WalkEvent&)> write_event;
    std::function<Result<WalkEvent>(const std::string&)> read_event;
  };

  RedisWalkStore(RedisAddress address, Settings settings);
  ~RedisWalkStore() override { commands_.stop(); }

  // Waits some seconds for Redis to be there.
  Result<std::optional<app::StoredWalk>> load_walk(const std::string& walk) override;
  void save_walk(std::string walk, app::StoredWalk state, std::function<void(Result<void>)> done) override;
  Result<app::WalkLog> load_log(const std::string& walk) override;
  void add_to_log(std::string walk, app::WalkLog more, std::function<void(Result<void>)> done) override;
  void close() override { commands_.stop(); }

 private:
  void save_again();

  const RedisAddress address_;
  const Settings settings_;
  std::mutex mutex_;
  std::map<std::string, std::string> newest_;  // of each walk, what was to be stored last
  bool is_behind_ = false;                     // and some of it was not
  RedisCommands commands_;                     // uses all of the above
};

}  // namespace tutti::storage
