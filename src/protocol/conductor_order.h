// From what a conductor typed, or sent by OSC, to what is asked of the walk; and what is said in a terminal.
#pragma once

#include "domain/walk_orders.h"
#include "domain/walk_people.h"
#include "protocol/conductor_line.h"
#include "protocol/osc.h"

#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace tutti::protocol {

ConductorWords words_of(const Walk& walk);

WalkOrder order_of(const OscVerb& verb);
// nullopt: nothing is asked of the walk (who, help, an empty line).
std::optional<OscVerb> verb_of(const ConductorLine& line);

// As /walk/conduct takes it: {"verb":"cue","name":…}, …
boost::json::object verb_object(const OscVerb& verb);

// What is said when the line was understood: "Parsed start=1.0 and end=2.0".
std::string echo_of(const OscVerb& verb);

// One who takes part, as `who` shows it.
struct WalkerLine {
  std::string name;
  bool is_connected = false, is_ready = false;
  std::optional<double> latency_ms;
  std::optional<std::int64_t> last_ack;  // the cue's id
};
WalkerLine walker_of(const WalkParticipant& who, const Walk& walk);
// Several lines, each with its end: those who are connected, then how many are ready.
std::string show_walkers(const std::vector<WalkerLine>& walkers);

}  // namespace tutti::protocol
