// Reads a secret from a person or from a pipe.
#pragma once

#include "base/result.h"

#include <string>

namespace tutti::server {

// At a terminal: asks twice, without showing what is typed. Else the first line of stdin. Error: the two
// differ, there is nothing to read, or it is no password (app/identity.h).
Result<std::string> read_new_password(const std::string& user);

}  // namespace tutti::server
