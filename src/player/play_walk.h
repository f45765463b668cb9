// `tutti play --walk`: takes part in a walk.
#pragma once

#include "player/failure.h"
#include "player/play_options.h"
#include "player/sync_output.h"
#include "player/terminal.h"
#include "protocol/websocket_url.h"

#include <optional>
#include <string>

namespace tutti::player {

// `id`, `name`: what others see this player as. Until it is stopped; why it failed, else.
std::optional<Failure> play_walk(const PlayOptions& options, const protocol::WebSocketUrl& url,
                                 const std::string& id, const std::string& name, const std::string& version,
                                 SyncOutput& output, Terminal& terminal);

}  // namespace tutti::player
