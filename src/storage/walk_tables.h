// How a walk becomes rows, and rows a walk.
#pragma once

#include "app/walk_store.h"
#include "storage/sqlite.h"

namespace tutti::storage {

Result<std::optional<app::StoredWalk>> load_walk(Database& db, const std::string& path);
// All of it, in place of what was there.
Result<void> save_walk(Database& db, const std::string& path, const app::StoredWalk& stored);

}  // namespace tutti::storage
