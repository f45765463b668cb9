#include "storage/sqlite_store.h"

#include "base/log.h"
#include "storage/schema.h"
#include "storage/sqlite.h"
#include "storage/tables.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace tutti::storage {

// The storage thread. What waits is kept as values: a track or a programme that is saved again before its
// turn is written once, so the queue is bounded by what there is to know.
class SqliteStore::Writer {
 public:
  explicit Writer(Database db) : db_(std::move(db)), thread_([this] { run(); }) {}

  ~Writer() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  // Before the first write only.
  Database& database() { return db_; }

  void add(std::vector<Track> tracks) {
    {
      const std::lock_guard lock(mutex_);
      for (auto& track : tracks) waiting_.tracks.insert_or_assign(track.id.value, std::move(track));
    }
    changed_.notify_one();
  }

  void add(std::string route, app::StoredProgramme programme) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.programmes.insert_or_assign(std::move(route), std::move(programme));
    }
    changed_.notify_one();
  }

 private:
  struct Batch {
    std::map<std::int64_t, Track> tracks;
    std::map<std::string, app::StoredProgramme> programmes;
    bool empty() const { return tracks.empty() && programmes.empty(); }
  };

  void run() {
    pthread_setname_np(pthread_self(), "storage");
    for (;;) {
      Batch batch;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        batch = std::exchange(waiting_, {});
      }
      if (auto done = write(batch); !done) {
        log::error("state could not be saved: {}", done.error().message);
        (void)db_.execute("ROLLBACK");
        if (!keep(std::move(batch))) return;
      }
    }
  }

  Result<void> write(const Batch& batch) {
    if (auto begun = db_.execute("BEGIN IMMEDIATE"); !begun) return begun;
    for (const auto& [id, track] : batch.tracks) {
      if (auto done = storage::save_track(db_, track); !done) return done;
    }
    for (const auto& [route, programme] : batch.programmes) {
      if (auto done = storage::save_programme(db_, route, programme); !done) return done;
    }
    return db_.execute("COMMIT");
  }

  // A full disk may be emptied: the batch goes back behind what is newer, and is tried again after a while.
  // False when the server stops first.
  bool keep(Batch batch) {
    std::unique_lock lock(mutex_);
    waiting_.tracks.merge(batch.tracks);
    waiting_.programmes.merge(batch.programmes);
    return !changed_.wait_for(lock, std::chrono::seconds(5), [this] { return stopping_; });
  }

  Database db_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Batch waiting_;
  bool stopping_ = false;
  std::thread thread_;
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

}  // namespace tutti::storage
