// The players' states in an SQLite file: for one server. Every update waits for its group's commit
// (group_commit.h).
#pragma once

#include "app/player_store.h"
#include "storage/group_commit.h"
#include "storage/player_tables.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace tutti::storage {

class SqlitePlayerStore : public app::PlayerStore {
 public:
  struct Settings {
    std::uint64_t server = 0;  // of this process, random
    std::function<WallTime()> now;
    // After a start, users of the process before have so long to come back before they count as lost.
    std::chrono::milliseconds grace = std::chrono::seconds(30);
  };

  // `path`: of the database file. Error: it cannot be opened, or is of a newer version.
  static Result<std::unique_ptr<SqlitePlayerStore>> open(const std::string& path, Settings settings);
  ~SqlitePlayerStore() override;

  void open(Events& events, Post post) override;
  void close() override;
  void load(const std::string& user, OnLoaded done) override;
  void forget(const std::string&) override {}
  void save(const std::string& user, std::optional<std::uint64_t> expected,
            std::vector<app::PlayerChange> changes, OnSaved done) override;
  void enter(const std::string& user) override;
  void leave(const std::string& user, OnLeft done) override;
  std::string trouble() const override { return ""; }

 private:
  SqlitePlayerStore(Database db, Settings settings);
  Result<void> prepare();
  void look_for_left_behind();
  void beat_later();

  Settings settings_;
  Post post_;
  Events* events_ = nullptr;
  GroupCommit commit_;
  std::unique_ptr<PlayerTables> tables_;  // the thread's
  std::atomic<std::size_t> present_{0};
};

}  // namespace tutti::storage
