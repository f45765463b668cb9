// A route as an operator or a client writes it, and its way into a URL and back.
#include "protocol/route.h"

#include "fuzz/require.h"
#include "protocol/request_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti::protocol;
  const auto route = normalise_route({reinterpret_cast<const char*>(data), size});
  if (!route) return 0;
  REQUIRE(!route->empty() && route->front() == '/' && route->size() <= 201);
  REQUIRE(normalise_route(*route) == *route);
  is_reserved_route(*route);
  const auto asked = parse_request_target(url_of_route(*route));
  REQUIRE(asked && asked->path == *route && asked->query.empty());
  return 0;
}
