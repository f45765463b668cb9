#include "storage/sqlite_walk_store.h"

#include "storage/schema.h"
#include "storage/walk_log_tables.h"
#include "storage/walk_tables.h"

#include <utility>

namespace tutti::storage {

Result<std::unique_ptr<SqliteWalkStore>> SqliteWalkStore::open(const std::string& path) {
  auto db = Database::open(path);
  if (!db) return tl::make_unexpected(db.error());
  if (auto done = migrate(*db); !done) return fail(path + ": " + done.error().message);
  return std::unique_ptr<SqliteWalkStore>(new SqliteWalkStore(std::move(*db)));
}

Result<std::optional<app::StoredWalk>> SqliteWalkStore::load_walk(const std::string& walk) {
  return storage::load_walk(commit_.database(), walk);
}

void SqliteWalkStore::save_walk(std::string walk, app::StoredWalk state,
                                std::function<void(Result<void>)> done) {
  commit_.post({[walk = std::move(walk), state = std::move(state)](Database& db) {
                  return storage::save_walk(db, walk, state);
                },
                std::move(done)});
}

Result<app::WalkLog> SqliteWalkStore::load_log(const std::string& walk) {
  return load_walk_log(commit_.database(), walk);
}

void SqliteWalkStore::add_to_log(std::string walk, app::WalkLog more,
                                 std::function<void(Result<void>)> done) {
  commit_.post({[walk = std::move(walk), more = std::move(more)](Database& db) {
                  return add_to_walk_log(db, walk, more);
                },
                std::move(done)});
}

}  // namespace tutti::storage
