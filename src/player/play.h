// `tutti play`: from options to sound in sync to an exit code.
#pragma once

#include "player/play_options.h"

#include <string>

namespace tutti::player {

// `version`: of this program, told to servers. 0: stopped by the user. 1: the server failed. 2: what was
// asked for cannot be done here.
int play(const PlayOptions& options, const std::string& version);

}  // namespace tutti::player
