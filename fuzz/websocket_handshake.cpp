// The headers of a request for a WebSocket, one per line, and the Origin of the page behind it; and the same
// lines as an answer's.
#include "protocol/websocket_handshake.h"

#include "fuzz/require.h"
#include "protocol/web_origin.h"

#include <array>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti::protocol;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::array<std::string_view, 6> line;
  for (auto& each : line) {
    const std::size_t end = rest.find('\n');
    each = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  const UpgradeRequest request{true, true, line[0], line[1], line[2], line[3]};
  asks_for_websocket(request);
  if (const auto accepted = accept_upgrade(request)) {
    REQUIRE(accepted->size() == 28 && accepted->back() == '=');
    REQUIRE(accepted->find_first_of("\r\n") == std::string::npos);
  } else {
    REQUIRE(accepted.error().status == 400 || accepted.error().status == 426);
    REQUIRE(!accepted.error().reason.empty());
  }
  // Whoever gives the right answer knows the question.
  const UpgradeAnswer answer{101, line[0], line[1], line[2], line[3]};
  if (check_answer(answer, line[5])) REQUIRE(line[2].find('=') != std::string_view::npos);
  const auto origin = line[4], host = line[5];
  REQUIRE(is_allowed_origin(origin, host, {"*"}));
  // What is allowed without a list names the host, or no page at all.
  if (is_allowed_origin(origin, host, {}) && !origin.empty()) {
    REQUIRE(origin.size() >= 3 + host.size() - std::string_view(":443").size() || host.size() < 4);
    REQUIRE(origin.find("://") != origin.npos);
  }
  if (is_origin(origin) && origin != "*") REQUIRE(is_allowed_origin(origin, "", {std::string(origin)}));
  return 0;
}
