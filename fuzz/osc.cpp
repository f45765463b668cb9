// A UDP packet from anybody who may send one.
#include "protocol/osc.h"

#include "base/utf8.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti;
  using namespace tutti::protocol;
  const auto verbs = parse_osc({data, size});
  if (!verbs) {
    REQUIRE(!verbs.error().message.empty() && verbs.error().message.size() < 500 &&
            is_valid_utf8(verbs.error().message));
    return 0;
  }
  REQUIRE(verbs->size() <= kMostOscVerbs);
  for (const auto& verb : *verbs) {
    if (const auto* part = std::get_if<PartTyped>(&verb)) {
      REQUIRE(part->a >= std::chrono::milliseconds(0) && part->a < part->b);
      REQUIRE(part->b <= std::chrono::hours(24));
    }
    if (const auto* message = std::get_if<MessageTyped>(&verb)) {
      REQUIRE(!message->text.empty() && message->text.size() <= kMostTypedMessage &&
              is_valid_utf8(message->text));
    }
  }
  return 0;
}
