// Which stations there are to be: made from the options, looked up in the file system.
#pragma once

#include "app/station.h"
#include "server/options.h"

#include <string>
#include <vector>

namespace tutti::server {

// Error, for a person: a folder that is missing, a route that collides with one of the server's own paths, …
Result<std::vector<app::StationSettings>> plan_stations(const ServeOptions& options);

// Absolute; `~/…` is in the home folder. Error: there is no such file.
Result<std::string> find_file(const std::string& name);

// Absolute, without a trailing slash; `~` and `~/…` are the home folder. Error: there is no such folder.
Result<std::string> find_folder(const std::string& name);

}  // namespace tutti::server
