// `tutti listen`: from options to sound to an exit code.
#pragma once

#include "player/listen_options.h"

namespace tutti::player {

// 0: heard to the end, or stopped by a signal. 1: the stream failed. 2: what was asked for cannot be done
// here.
int listen(const ListenOptions& options);

}  // namespace tutti::player
