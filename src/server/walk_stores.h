// Which store keeps the walk: made from the options.
#pragma once

#include "app/walk_store.h"
#include "server/options.h"
#include "server/state_dir.h"

#include <memory>

namespace tutti::server {

// Error, for a person: the store cannot be opened.
Result<std::unique_ptr<app::WalkStore>> open_walk_store(const ServeOptions& options, const StateDir& state);

}  // namespace tutti::server
