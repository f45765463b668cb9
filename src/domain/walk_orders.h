// What conductors ask for, and what becomes of it: checked against the walk as it is. Pure.
#pragma once

#include "base/result.h"
#include "domain/walk_people.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tutti {

struct CueOrder {
  std::optional<std::string> name;   // of the sheet; else:
  std::optional<std::string> asset;  // absent: the walk's first
  Millis a{0}, b{0};
  std::optional<int> volume;  // 0 to 100; absent: the cue's own, else 100
  std::optional<bool> loop;
  std::optional<Millis> lead;  // for this once
};
struct StopOrder {
  Millis fade{0};
};
struct MessageOrder {
  std::string text;  // UTF-8
};
// The whole sheet anew. `revision`: of what it was made from; refused where that has been edited since.
// Absent: whatever is there.
struct SheetOrder {
  std::vector<WalkCue> sheet;
  std::optional<std::int64_t> revision = std::nullopt;
};
// What the walk says of itself; what is absent stays as it is.
struct AboutOrder {
  std::optional<std::string> title, text, welcome;  // UTF-8
  std::optional<std::vector<std::string>> languages;
  std::optional<std::int64_t> revision;  // as of a SheetOrder
};
// The sheet runs on its own, from a cue (absent: the first) at a time (absent: after the lead), or no longer.
struct ArmOrder {
  bool is_armed = true;
  std::optional<std::string> from;
  std::optional<ServerTime> start;
};
// nullopt: as it is measured.
struct LeadOrder {
  std::optional<Millis> lead;
};
using WalkOrder =
    std::variant<CueOrder, StopOrder, MessageOrder, SheetOrder, ArmOrder, LeadOrder, AboutOrder>;

// Ids that have been given.
struct WalkCounts {
  std::int64_t cue = 0, message = 0;
};

struct WalkChange {
  Walk walk;  // after it
  WalkCounts counts;
  std::optional<Duration> lead;  // of the cue that it made
  WalkEvent::Kind kind = WalkEvent::Kind::cue;
  std::string text;  // for the log, without the author
};

inline constexpr std::size_t kMostWalkText = 1000;  // bytes of a message, or of a note
inline constexpr std::size_t kMostWalkName = 100;   // bytes of a cue's name, or of a title
inline constexpr std::size_t kMostWalkPage = 4000;  // bytes of what a walk says of itself
inline constexpr std::size_t kMostLanguages = 20;
inline constexpr Millis kMostFade{60'000};

// Error: what was expected, and what was found instead. Precondition: can_go() for a CueOrder.
Result<WalkChange> carry_out(const WalkOrder& order, const std::string& author, const Walk& walk,
                             WalkCounts counts, ServerTime now);

// Whether a walk can say this of itself: lengths, languages ("en", "pt-BR").
Result<void> check_about(const WalkAbout& about);
// Whether a sheet can be played: names, places, assets that are there.
Result<void> check_sheet(const std::vector<WalkCue>& sheet, const Walk& walk);

// How long it takes until everybody knows.
Duration reach_of(const Walk& walk);

// "forest 12.500–47.000"
std::string describe(const WalkPart& part);

}  // namespace tutti
