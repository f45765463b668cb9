// The embedded store of the library, the programmes and the groups' clients: one SQLite file in the state
// folder. Writes are queued to the storage thread (group_commit.h).
#pragma once

#include "app/client_store.h"
#include "app/programme_store.h"
#include "app/track_store.h"

#include <memory>
#include <string>

namespace tutti::storage {

class SqliteStore : public app::TrackStore, public app::ProgrammeStore, public app::ClientStore {
 public:
  // `path`: of the database file. Error: it cannot be opened, or is of a newer version.
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& path);
  ~SqliteStore() override;  // writes what is queued

  Result<std::vector<Track>> load_tracks() override;
  void save_tracks(std::vector<Track> tracks) override;
  Result<std::map<std::string, app::StoredProgramme>> load_programmes() override;
  void save_programme(std::string route, app::StoredProgramme programme) override;
  Result<std::string> load_server_id() override;
  Result<std::map<std::string, app::StoredClient>> load_clients() override;
  void save_client(std::string id, app::StoredClient client) override;
  Result<std::map<std::string, app::StoredGroup>> load_groups() override;
  void save_group(std::string id, std::optional<app::StoredGroup> group) override;

 private:
  class Writer;
  explicit SqliteStore(std::unique_ptr<Writer> writer);
  std::unique_ptr<Writer> writer_;
};

}  // namespace tutti::storage
