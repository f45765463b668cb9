// What is said on /walk/conduct, in both directions (docs/protocol.md).
#pragma once

#include "protocol/walk_json.h"

#include <variant>

namespace tutti::protocol {

inline constexpr std::size_t kMostConductBytes = 512 * 1024;  // of one message from a conductor

// {"type":"walk", …}: the parts that `keys` names, and the server's time.
std::string print_conduct_walk(const Walk& walk, WalkKeys keys, ServerTime now);
std::string print_conduct_rows(const std::vector<WalkParticipant>& rows, const Walk& walk);
std::string print_conduct_event(const WalkEvent& event);
// What was asked for is done, or why not; in the order in which it was asked for.
std::string print_conduct_done();
std::string print_conduct_error(const std::string& message);

// What the server's clock says, for countdowns: {"verb":"time","t":<the conductor's clock>}.
struct ConductTime {
  std::int64_t t = 0;  // as it came, microseconds
};
std::string print_conduct_time(const ConductTime& asked, ServerTime received, ServerTime transmitted);

// Error: what was expected.
Result<std::variant<WalkOrder, ConductTime>> parse_conduct(std::string_view text);

}  // namespace tutti::protocol
