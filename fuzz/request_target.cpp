// The target of a request line, from anybody on the network.
#include "protocol/request_target.h"

#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto target = tutti::protocol::parse_request_target({reinterpret_cast<const char*>(data), size});
  if (!target) {
    REQUIRE(!target.error().message.empty());
    return 0;
  }
  const std::string& path = target->path;
  REQUIRE(!path.empty() && path.front() == '/');
  REQUIRE(path.find('\0') == std::string::npos);
  REQUIRE((path + "/").find("/../") == std::string::npos);
  REQUIRE(target->query.size() <= 32);
  return 0;
}
