// How a walk's log becomes rows, and rows its log.
#pragma once

#include "app/walk_store.h"
#include "storage/sqlite.h"

namespace tutti::storage {

Result<app::WalkLog> load_walk_log(Database& db, const std::string& path);
// What is then older than the newest app::WalkStore::kMostEvents goes.
Result<void> add_to_walk_log(Database& db, const std::string& path, const app::WalkLog& more);

}  // namespace tutti::storage
