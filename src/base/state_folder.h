// Where a program keeps what must survive it.
#pragma once

#include "base/result.h"

#include <string>

namespace tutti {

// The folder that `name` means, made if it is missing; "" is $XDG_STATE_HOME/tutti, or ~/.local/state/tutti.
// Error: it cannot be made.
Result<std::string> find_state_folder(const std::string& name);

}  // namespace tutti
