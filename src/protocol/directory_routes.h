// The option and variable DIRECTORY_ROUTES of the radio server of seeds/004: a JSON object from routes to
// folders.
#pragma once

#include "base/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::protocol {

// {"humor": "/path", "/science": "~/path"} → {"/humor": "/path", "/science": "~/path"}. Routes are
// normalised; folders are left as they are. Error: not such an object, or two names for one route.
Result<std::map<std::string, std::string>> parse_directory_routes(std::string_view json);

// "/,/humor, science" → {"/", "/humor", "/science"}. Repeated routes count once; empty parts are passed over.
Result<std::vector<std::string>> parse_stream_routes(std::string_view text);

}  // namespace tutti::protocol
