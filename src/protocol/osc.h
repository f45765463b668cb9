// Open Sound Control 1.0 (opensoundcontrol.org/spec-1_0), as far as a walk is conducted by it: messages with
// strings and numbers, and bundles of them.
//
//   /tutti/cue      s        a cue of the sheet, by its name
//   /tutti/cue      n n      from a to b, in seconds
//   /tutti/cue      s n n    of that asset
//   /tutti/stop     [n]      at once, or fading for so many seconds
//   /tutti/message  s
//
// A number n is an int32, float32, int64 or float64 (i, f, h, d). Address patterns (*, ?, […], {…}) are not
// understood, and a bundle's time tag is not waited for: there is a lead, and it is the walk's.
#pragma once

#include "base/result.h"
#include "protocol/conductor_line.h"

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

namespace tutti::protocol {

using OscVerb = std::variant<PartTyped, CueTyped, MessageTyped, StopTyped>;

inline constexpr std::size_t kMostOscBytes = 8192;
inline constexpr std::size_t kMostOscVerbs = 16;  // of one packet

// The verbs of one packet, in order. Error, and nothing is to be done: the packet is no OSC, names another
// address, or has arguments that do not fit; for a person.
Result<std::vector<OscVerb>> parse_osc(std::span<const std::uint8_t> packet);

}  // namespace tutti::protocol
