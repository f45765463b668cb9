// A walk in the embedded store's file, through a connection and a thread of its own: a cue does not wait
// behind what a scan has found.
#pragma once

#include "app/walk_store.h"
#include "storage/group_commit.h"

#include <memory>
#include <string>

namespace tutti::storage {

class SqliteWalkStore : public app::WalkStore {
 public:
  // `path`: of the database file, which the server has open. Error: it cannot be opened, or is of a newer
  // version.
  static Result<std::unique_ptr<SqliteWalkStore>> open(const std::string& path);
  ~SqliteWalkStore() override { commit_.stop(); }

  Result<std::optional<app::StoredWalk>> load_walk(const std::string& walk) override;
  void save_walk(std::string walk, app::StoredWalk state, std::function<void(Result<void>)> done) override;
  Result<app::WalkLog> load_log(const std::string& walk) override;
  void add_to_log(std::string walk, app::WalkLog more, std::function<void(Result<void>)> done) override;
  void close() override { commit_.stop(); }

 private:
  explicit SqliteWalkStore(Database db) : commit_(std::move(db), "walk") {}

  GroupCommit commit_;
};

}  // namespace tutti::storage
