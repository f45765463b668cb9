// The tables of the embedded store, and how older files become today's.
#pragma once

#include "storage/sqlite.h"

namespace tutti::storage {

// Creates the tables, or brings an older file up to date. Safe where several processes do so at once. Error:
// the file is of a newer version.
Result<void> migrate(Database& db);

}  // namespace tutti::storage
