// The operator's JSON of routes and folders, and the list of routes.
#include "protocol/directory_routes.h"

#include "fuzz/require.h"
#include "protocol/route.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto routes = tutti::protocol::parse_directory_routes(text)) {
    for (const auto& [route, folder] : *routes) REQUIRE(tutti::protocol::normalise_route(route) == route);
  } else {
    REQUIRE(!routes.error().message.empty());
  }
  if (const auto routes = tutti::protocol::parse_stream_routes(text)) {
    for (const auto& route : *routes) REQUIRE(tutti::protocol::normalise_route(route) == route);
  }
  return 0;
}
