// Which store keeps the players' states: made from the options.
#pragma once

#include "app/player_store.h"
#include "server/options.h"
#include "server/state_dir.h"

#include <memory>

namespace tutti::server {

// Tells this process from all others that use the same store.
std::uint64_t random_id();

// Error, for a person: the store cannot be opened, or there is no such store.
Result<std::unique_ptr<app::PlayerStore>> open_player_store(const ServeOptions& options,
                                                            const StateDir& state, std::uint64_t id);

}  // namespace tutti::server
