// What an app wishes of a group.
#include "fuzz/require.h"
#include "protocol/group_wish_wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti;
  const auto wish = protocol::parse_group_wish({reinterpret_cast<const char*>(data), size});
  if (!wish) {
    REQUIRE(!wish.error().message.empty());
    return 0;
  }
  REQUIRE(!wish->tracks || wish->tracks->size() <= GroupWish::kMostTracks);
  REQUIRE(!wish->position || wish->position->count() >= 0);
  REQUIRE(!wish->track || wish->track->value > 0);
  return 0;
}
