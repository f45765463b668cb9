// `tutti serve`: from options to a running server to an exit code.
#pragma once

#include "server/options.h"

namespace tutti::server {

// 0 after a stop by signal; 2 where the options cannot be met; 1 where the machine does not let us.
int serve(const ServeOptions& options);

}  // namespace tutti::server
