// Dates as text: RFC 3339, as clients write them and as they are shown.
#pragma once

#include "base/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace tutti::protocol {

// "2022-05-09T09:09:07Z", also with a fraction, with an offset ("+02:00"), and with the offset that
// ISO 8601 calls basic ("+0000"). Milliseconds since the Unix epoch; what is finer is cut off. A leap second
// is the first of the next minute. Error: anything else, dates that the calendar does not have included.
Result<std::chrono::milliseconds> parse_rfc3339(std::string_view text);

enum class Zone { z, basic };  // "Z", "+0000"

// In UTC; the fraction is written (3 digits) where there is one. Years outside of 0000..9999 are moved to its
// ends.
std::string format_rfc3339(std::chrono::milliseconds since_unix_epoch, Zone zone);

}  // namespace tutti::protocol
