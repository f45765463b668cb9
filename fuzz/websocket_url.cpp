// The address that a user types or pastes.
#include "protocol/websocket_url.h"

#include "fuzz/require.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto url = tutti::protocol::parse_websocket_url({reinterpret_cast<const char*>(data), size});
  if (!url) {
    REQUIRE(!url.error().message.empty());
    return 0;
  }
  REQUIRE(!url->host.empty() && !url->port.empty());
  REQUIRE(url->target.front() == '/' && url->path.front() == '/');
  // Both become lines of a request.
  for (const char c : url->target + url->authority()) REQUIRE(static_cast<unsigned char>(c) > ' ');
  return 0;
}
