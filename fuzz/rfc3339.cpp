// Times as devices write them.
#include "protocol/rfc3339.h"

#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti::protocol;
  const auto t = parse_rfc3339({reinterpret_cast<const char*>(data), size});
  if (!t) return 0;
  const auto zone = size % 2 == 0 ? Zone::z : Zone::basic;
  const auto again = parse_rfc3339(format_rfc3339(*t, zone));
  REQUIRE(again);
  // An offset may lead out of the four-digit years.
  const bool is_shown_exactly = t->count() >= -62'167'219'200'000 && t->count() <= 253'402'300'799'999;
  REQUIRE(!is_shown_exactly || *again == *t);
  return 0;
}
