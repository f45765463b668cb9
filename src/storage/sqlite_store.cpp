#include "storage/sqlite_store.h"

#include "base/log.h"
#include "storage/group_commit.h"
#include "storage/schema.h"
#include "storage/tables.h"

#include <mutex>
#include <utility>
#include <vector>

namespace tutti::storage {

// What waits is kept as values: a track or a programme that is saved again before its turn is written once,
// so the queue is bounded by what there is to know.
class SqliteStore::Writer {
 public:
  explicit Writer(Database db) : commit_(std::move(db), "storage") {}
  ~Writer() { commit_.stop(); }

  // Before the first write only.
  Database& database() { return commit_.database(); }

  void add(std::vector<Track> tracks) {
    const std::lock_guard lock(mutex_);
    for (auto& track : tracks) waiting_.tracks.insert_or_assign(track.id.value, std::move(track));
    schedule();
  }

  void add(std::string route, app::StoredProgramme programme) {
    const std::lock_guard lock(mutex_);
    waiting_.programmes.insert_or_assign(std::move(route), std::move(programme));
    schedule();
  }

  void add(std::string id, app::StoredClient client) {
    const std::lock_guard lock(mutex_);
    waiting_.clients.insert_or_assign(std::move(id), std::move(client));
    schedule();
  }

  void add(std::string id, std::optional<app::StoredGroup> group) {
    const std::lock_guard lock(mutex_);
    waiting_.groups.insert_or_assign(std::move(id), std::move(group));
    schedule();
  }

 private:
  struct Batch {
    std::map<std::int64_t, Track> tracks;
    std::map<std::string, app::StoredProgramme> programmes;
    std::map<std::string, app::StoredClient> clients;
    std::map<std::string, std::optional<app::StoredGroup>> groups;  // nullopt: to be forgotten
  };

  GroupCommit::Job job() {
    return {[this](Database& db) { return write(db); },
            [this](const Result<void>& result) { on_written(result); }};
  }

  void schedule() {
    if (!std::exchange(is_scheduled_, true)) commit_.post(job());
  }

  Result<void> write(Database& db) {
    {
      // In front of what a failed attempt has left.
      const std::lock_guard lock(mutex_);
      waiting_.tracks.merge(batch_.tracks);
      waiting_.programmes.merge(batch_.programmes);
      waiting_.clients.merge(batch_.clients);
      waiting_.groups.merge(batch_.groups);
      batch_ = std::exchange(waiting_, {});
      is_scheduled_ = false;
    }
    for (const auto& [id, track] : batch_.tracks) {
      if (auto done = storage::save_track(db, track); !done) return done;
    }
    for (const auto& [route, programme] : batch_.programmes) {
      if (auto done = storage::save_programme(db, route, programme); !done) return done;
    }
    for (const auto& [id, client] : batch_.clients) {
      if (auto done = storage::save_client(db, id, client); !done) return done;
    }
    for (const auto& [id, group] : batch_.groups) {
      if (auto done = storage::save_group(db, id, group); !done) return done;
    }
    return {};
  }

  // A full disk may be emptied: what could not be written is tried again after a while.
  void on_written(const Result<void>& result) {
    if (result) {
      batch_ = {};
      return;
    }
    log::error("state could not be saved: {}", result.error().message);
    commit_.post_after(std::chrono::seconds(5), job());
  }

  std::mutex mutex_;
  Batch waiting_;
  bool is_scheduled_ = false;
  Batch batch_;  // the thread's: being written, or to be tried again
  GroupCommit commit_;
};

SqliteStore::SqliteStore(std::unique_ptr<Writer> writer) : writer_(std::move(writer)) {}
SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path) {
  auto db = Database::open(path);
  if (!db) return tl::make_unexpected(db.error());
  if (auto done = migrate(*db); !done) return fail(path + ": " + done.error().message);
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::make_unique<Writer>(std::move(*db))));
}

Result<std::vector<Track>> SqliteStore::load_tracks() { return storage::load_tracks(writer_->database()); }
void SqliteStore::save_tracks(std::vector<Track> tracks) { writer_->add(std::move(tracks)); }

Result<std::map<std::string, app::StoredProgramme>> SqliteStore::load_programmes() {
  return storage::load_programmes(writer_->database());
}

void SqliteStore::save_programme(std::string route, app::StoredProgramme programme) {
  writer_->add(std::move(route), std::move(programme));
}

Result<std::string> SqliteStore::load_server_id() { return storage::load_server_id(writer_->database()); }

Result<std::map<std::string, app::StoredClient>> SqliteStore::load_clients() {
  return storage::load_clients(writer_->database());
}

void SqliteStore::save_client(std::string id, app::StoredClient client) {
  writer_->add(std::move(id), std::move(client));
}

Result<std::map<std::string, app::StoredGroup>> SqliteStore::load_groups() {
  return storage::load_groups(writer_->database());
}

void SqliteStore::save_group(std::string id, std::optional<app::StoredGroup> group) {
  writer_->add(std::move(id), std::move(group));
}

}  // namespace tutti::storage
