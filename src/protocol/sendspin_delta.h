// What of a state a client is told: only what it does not know yet.
#pragma once

#include "protocol/sendspin_messages.h"

namespace tutti::protocol::sendspin {

// `now`: all of it, every field present. The first time everything is said, but nulls, which a new client
// has anyhow; the progress is said always, as it belongs to the message's time.
Metadata delta(const std::optional<Metadata>& before, const Metadata& now);
ControllerState delta(const std::optional<ControllerState>& before, const ControllerState& now);

// What a visualizer's messages look like (docs/visualizer.md).
VisualizerStream visualizer_stream();

}  // namespace tutti::protocol::sendspin
