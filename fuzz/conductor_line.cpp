// What a conductor types, however it is spelt.
#include "protocol/conductor_line.h"

#include "base/utf8.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti;
  using namespace tutti::protocol;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const ConductorWords words{{"bridge", "The end", "the END", "a:b", "1,2,3"}, {"forest", "x"}};
  for (const auto& candidate : complete_conductor_line(line, words))
    REQUIRE(candidate.size() >= line.size() || !is_valid_utf8(line));
  const auto typed = parse_conductor_line(line, words);
  if (!typed) {
    const std::string& why = typed.error().message;
    REQUIRE(!why.empty() && why.size() < 1000 && why.find('\n') == std::string::npos && is_valid_utf8(why));
    return 0;
  }
  if (const auto* part = std::get_if<PartTyped>(&*typed)) {
    REQUIRE(part->a >= std::chrono::milliseconds(0) && part->a < part->b);
    std::string again = part->asset ? *part->asset + ":" : "";
    again += show_seconds(part->a) + "," + show_seconds(part->b);
    const auto reread = parse_conductor_line(again, words);
    REQUIRE(reread && std::holds_alternative<PartTyped>(*reread));
    REQUIRE(std::get<PartTyped>(*reread).a == part->a && std::get<PartTyped>(*reread).b == part->b);
  }
  if (const auto* message = std::get_if<MessageTyped>(&*typed)) {
    REQUIRE(!message->text.empty() && message->text.size() <= kMostTypedMessage &&
            is_valid_utf8(message->text));
  }
  return 0;
}
