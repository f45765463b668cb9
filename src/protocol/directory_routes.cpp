#include "protocol/directory_routes.h"

#include "protocol/route.h"

#include <algorithm>

#include <boost/json.hpp>

namespace tutti::protocol {

namespace json = boost::json;

Result<std::map<std::string, std::string>> parse_directory_routes(std::string_view text) {
  const std::string expected = R"(expected a JSON object such as {"humor":"/path/to/folder"})";
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error) return fail(expected + ": " + error.message());
  if (!value.is_object()) return fail(expected);
  std::map<std::string, std::string> routes;
  for (const auto& [name, folder] : value.get_object()) {
    const auto route = normalise_route(name);
    if (!route) return tl::make_unexpected(route.error());
    if (!folder.is_string() || folder.get_string().empty()) {
      return fail(expected + ": the folder of '" + *route + "' is not a text");
    }
    if (!routes.emplace(*route, folder.get_string()).second)
      return fail("the route " + *route + " is named twice");
  }
  return routes;
}

Result<std::vector<std::string>> parse_stream_routes(std::string_view text) {
  std::vector<std::string> routes;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::string_view part = text.substr(at, end - at);
    at = end + 1;
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (part.empty()) continue;
    auto route = normalise_route(part);
    if (!route) return tl::make_unexpected(route.error());
    if (std::ranges::find(routes, *route) == routes.end()) routes.push_back(std::move(*route));
  }
  return routes;
}

}  // namespace tutti::protocol
