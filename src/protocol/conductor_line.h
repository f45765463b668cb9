// What a conductor types: `12.5,47`, `forest:12.5,47`, the name of a cue, `"text"`, `stop`, `who`, `help`.
// Pure: a line and what can be named become what is meant, or an error that says what was expected.
#pragma once

#include "base/result.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tutti::protocol {

// What can be named. UTF-8.
struct ConductorWords {
  std::vector<std::string> cues, assets;
};

struct NothingTyped {};
// From a to b; asset absent: the walk's first. 0 <= a < b.
struct PartTyped {
  std::optional<std::string> asset;
  std::chrono::milliseconds a{0}, b{0};
};
struct CueTyped {
  std::string name;  // as it is on the sheet
};
struct MessageTyped {
  std::string text;  // UTF-8, 1 to kMostTypedMessage bytes
};
struct StopTyped {
  std::chrono::milliseconds fade{0};
};
struct WhoTyped {};
struct HelpTyped {};
using ConductorLine =
    std::variant<NothingTyped, PartTyped, CueTyped, MessageTyped, StopTyped, WhoTyped, HelpTyped>;

inline constexpr std::size_t kMostTypedMessage = 1000;  // bytes

// `line` without its end. A word wins over a cue of that name; of a cue's name upper and lower case are one
// where no other cue has it. Error: what was expected; one line.
Result<ConductorLine> parse_conductor_line(std::string_view line, const ConductorWords& words);

// What `line` could become: whole lines that begin with it, whatever the case; at most `most`.
std::vector<std::string> complete_conductor_line(std::string_view line, const ConductorWords& words,
                                                 std::size_t most = 50);

// Several lines, each with its end.
std::string conductor_help(const ConductorWords& words);

// Milliseconds as seconds with a decimal point: "12.5", "1.0".
std::string show_seconds(std::chrono::milliseconds value);

}  // namespace tutti::protocol
