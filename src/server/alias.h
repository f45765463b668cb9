// `--alias PORT=/path`, as it is written.
#pragma once

#include "base/result.h"
#include "net/settings.h"

#include <string_view>

namespace tutti::server {

// Error: for a person.
Result<net::Alias> parse_alias(std::string_view text);

}  // namespace tutti::server
