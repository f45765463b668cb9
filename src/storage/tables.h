// The tables of the embedded store: what is kept, and how values become rows.
#pragma once

#include "app/client_store.h"
#include "app/programme_store.h"
#include "domain/track.h"
#include "storage/sqlite.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tutti::storage {

Result<std::vector<Track>> load_tracks(Database& db);
Result<void> save_track(Database& db, const Track& track);
Result<std::map<std::string, app::StoredProgramme>> load_programmes(Database& db);
Result<void> save_programme(Database& db, const std::string& route, const app::StoredProgramme& programme);
Result<std::string> load_server_id(Database& db);
Result<std::map<std::string, app::StoredClient>> load_clients(Database& db);
Result<void> save_client(Database& db, const std::string& id, const app::StoredClient& client);
Result<std::map<std::string, app::StoredGroup>> load_groups(Database& db);
// Without a group: forgets it.
Result<void> save_group(Database& db, const std::string& id, const std::optional<app::StoredGroup>& group);

}  // namespace tutti::storage
