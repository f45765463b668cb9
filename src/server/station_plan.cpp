#include "server/station_plan.h"

#include "protocol/directory_routes.h"
#include "protocol/route.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

namespace tutti::server {

namespace fs = std::filesystem;

namespace {

Result<std::string> expand_home(const std::string& name) {
  if (name != "~" && !name.starts_with("~/")) return name;
  const char* home = std::getenv("HOME");
  if (!home) return fail("cannot expand '" + name + "': HOME is not set");
  return home + name.substr(1);
}

}  // namespace

Result<std::string> find_file(const std::string& name) {
  const auto path = expand_home(name);
  if (!path) return path;
  std::error_code error;
  const auto file = fs::canonical(*path, error);
  if (error) return fail("cannot find the file '" + name + "': " + error.message());
  if (!fs::is_regular_file(file, error)) return fail("'" + name + "' is not a file");
  return file.string();
}

Result<std::string> find_folder(const std::string& name) {
  const auto path = expand_home(name);
  if (!path) return path;
  std::error_code error;
  const auto folder = fs::canonical(*path, error);
  if (error) return fail("cannot find the folder '" + name + "': " + error.message());
  if (!fs::is_directory(folder, error)) return fail("'" + name + "' is not a folder");
  return folder.string();
}

Result<std::vector<app::StationSettings>> plan_stations(const ServeOptions& options) {
  if (options.stream_mode != "radio" && options.stream_mode != "individual") {
    return fail("--stream-mode is 'radio' or 'individual', not '" + options.stream_mode + "'");
  }
  std::map<std::string, std::vector<std::string>> folders_of;
  if (!options.directory_routes.empty()) {
    const auto routes = protocol::parse_directory_routes(options.directory_routes);
    if (!routes) return fail("--directory-routes: " + routes.error().message);
    for (const auto& [route, folder] : *routes) folders_of[route] = {folder};
  }
  const auto routes = protocol::parse_stream_routes(options.stream_routes);
  if (!routes) return fail("--stream-routes: " + routes.error().message);
  // Somebody who names folders for routes only, and no common folder, wants those stations and no other.
  const bool has_common_folder = !options.folders.empty() || options.audio_dir_given ||
                                 options.stream_routes_given || folders_of.empty();
  std::error_code ignored;
  const bool names_nothing = folders_of.empty() && options.folders.empty() && !options.audio_dir_given &&
                             !fs::exists(options.audio_dir, ignored);
  if (names_nothing && !options.walk.empty()) return std::vector<app::StationSettings>{};  // a walk alone
  if (names_nothing) {
    return fail("name a folder with audio files, as in: tutti serve ~/Music");
  }
  for (const auto& route : *routes) {
    if (folders_of.contains(route) || !has_common_folder) continue;
    folders_of[route] = options.folders.empty() ? std::vector{options.audio_dir} : options.folders;
  }
  if (folders_of.empty())
    return fail("there is no station: name a FOLDER, --audio-dir or --directory-routes");

  std::vector<std::string> individual;
  if (!options.individual.empty()) {
    auto named = protocol::parse_stream_routes(options.individual);
    if (!named) return fail("--individual: " + named.error().message);
    individual = std::move(*named);
  }
  for (const auto& route : individual) {
    if (!folders_of.contains(route)) return fail("--individual: there is no station " + route);
  }
  std::vector<app::StationSettings> stations;
  for (auto& [route, folders] : folders_of) {
    if (protocol::is_reserved_route(route)) {
      return fail("the route " + route + " is one of the server's own paths; choose another");
    }
    app::StationSettings station{route, {}, Rotation::Order::shuffled};
    if (options.shuffle == "off") station.order = Rotation::Order::by_path;
    station.is_individual = options.stream_mode == "individual" ||
                            std::find(individual.begin(), individual.end(), route) != individual.end();
    for (const auto& name : folders) {
      auto folder = find_folder(name);
      if (!folder) return fail(folder.error().message + " (of the station " + route + ")");
      station.folders.push_back(std::move(*folder));
    }
    stations.push_back(std::move(station));
  }
  return stations;
}

}  // namespace tutti::server
