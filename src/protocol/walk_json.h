// The walk as JSON (docs/protocol.md): what phones and conductors are told, and what they say. Input is
// bounded by its reader; names and texts that are too long are cut or refused, unknown fields are passed
// over.
#pragma once

#include "base/result.h"
#include "domain/walk_orders.h"
#include "domain/walk_people.h"
#include "protocol/sendspin_fields.h"
#include "protocol/sendspin_messages.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace tutti::protocol {

// The parts of it that `keys` names, each whole.
boost::json::object walk_object(const Walk& walk, WalkKeys keys);
boost::json::object participant_object(const WalkParticipant& participant, const Walk& walk);
boost::json::object event_object(const WalkEvent& event);
std::string_view name_of(WalkEvent::Kind kind);

// {"type":"server/state","payload":{"_walk":{…}}}
std::string print_walk_state(const Walk& walk, WalkKeys keys);

// --- of a phone
inline constexpr std::size_t kMostWalkAssets = 200;   // of one report
inline constexpr std::size_t kMostWalkIdBytes = 200;  // of an asset or a participant

WalkReport read_walk_report(const sendspin::Fields& fields);
boost::json::object walk_report_object(const WalkReport& report);

// --- what a client is told: the keys that are there, the others as in a Walk{}
sendspin::WalkState read_walk_state(const sendspin::Fields& fields);
boost::json::object walk_state_object(const sendspin::WalkState& state);

using sendspin::WalkSaid;
using sendspin::WalkSeen;
// nullopt: a command that this version does not know.
std::optional<WalkSaid> read_walk_command(const sendspin::Fields& fields);
boost::json::object walk_command_object(const WalkSaid& said);

// --- of a conductor: `verb` is cue, stop, message, sheet, about, arm or lead; `body` a JSON object, or
// nothing where it needs nothing. Error: what was expected.
Result<WalkOrder> parse_walk_order(std::string_view verb, std::string_view body);
Result<WalkOrder> read_walk_order(std::string_view verb, const boost::json::object& body);

}  // namespace tutti::protocol
