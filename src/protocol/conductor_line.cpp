#include "protocol/conductor_line.h"

#include "base/fold_case.h"
#include "base/utf8.h"
#include "protocol/ascii.h"

#include <algorithm>
#include <array>

namespace tutti::protocol {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostLine = 4096;
constexpr std::size_t kMostNamed = 8;  // in an error
constexpr std::array<std::string_view, 3> kWords = {"stop", "who", "help"};

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNamed); ++i) out += (i > 0 ? ", " : "") + names[i];
  return names.size() > kMostNamed ? out + ", …" : out;
}

tl::unexpected<Error> expected(const ConductorWords& words) {
  std::string cues = words.cues.empty() ? "" : ", the name of a cue (" + listed(words.cues) + ")";
  return fail(
      "nothing was sent: expected a,b in seconds with up to 3 decimals, such as 12.5,47, or asset:a,b" +
      cues + ", \"a message\" in quotes, stop, who or help");
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Seconds, at most a day of them, with up to three decimals; never a sign or an exponent.
Result<milliseconds> parse_seconds(std::string_view text) {
  const auto wrong = [&](const std::string& why) {
    return fail("nothing was sent: '" + to_valid_utf8(text.substr(0, 40)) + "' " + why);
  };
  const auto dot = text.find('.');
  const auto whole = text.substr(0, dot);
  const auto decimals = dot == text.npos ? std::string_view() : text.substr(dot + 1);
  const bool is_number = !whole.empty() && std::all_of(whole.begin(), whole.end(), is_digit) &&
                         std::all_of(decimals.begin(), decimals.end(), is_digit) &&
                         (dot == text.npos || !decimals.empty());
  if (!is_number) return wrong("is not a number of seconds, such as 47 or 12.5");
  if (decimals.size() > 3) return wrong("has more than 3 decimals");
  if (whole.size() > 5) return wrong("is more than a day of seconds");
  std::int64_t value = 0;
  for (const char c : whole) value = value * 10 + (c - '0');
  for (std::size_t i = 0; i < 3; ++i) value = value * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
  if (value > 86'400'000) return wrong("is more than a day of seconds");
  return milliseconds(value);
}

// Cues may have a comma in their names; a part is what consists of numbers.
bool looks_like_part(std::string_view text) {
  return text.find(',') != text.npos && std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || c == ',' || c == '.' || c == ' ';
         });
}

Result<PartTyped> parse_part(std::string_view text) {
  const auto comma = text.find(',');
  if (comma == text.npos || text.find(',', comma + 1) != text.npos) {
    return fail("nothing was sent: expected two numbers with a comma between them, such as 12.5,47");
  }
  const auto a = parse_seconds(trimmed(text.substr(0, comma)));
  if (!a) return tl::make_unexpected(a.error());
  const auto b = parse_seconds(trimmed(text.substr(comma + 1)));
  if (!b) return tl::make_unexpected(b.error());
  if (*a >= *b) {
    return fail("nothing was sent: a part ends after it begins, and " + show_seconds(*b) + " is not after " +
                show_seconds(*a));
  }
  return PartTyped{std::nullopt, *a, *b};
}

// nullptr: there is none, or it could be several.
const std::string* find_name(const std::vector<std::string>& names, std::string_view wanted) {
  const auto same = std::find(names.begin(), names.end(), wanted);
  if (same != names.end()) return &*same;
  const std::string folded = fold_case(wanted);
  const std::string* found = nullptr;
  for (const auto& name : names) {
    if (fold_case(name) != folded) continue;
    if (found) return nullptr;
    found = &name;
  }
  return found;
}

// Also in the quotes that phones and word processors make of plain ones. nullopt: it does not begin with any.
std::optional<Result<ConductorLine>> parse_message(std::string_view line) {
  struct Pair {
    std::string_view open, close;
  };
  constexpr std::array<Pair, 4> kQuotes = {{{"\"", "\""}, {"“", "”"}, {"„", "“"}, {"«", "»"}}};
  for (const auto& quote : kQuotes) {
    if (!line.starts_with(quote.open)) continue;
    const auto rest = line.substr(quote.open.size());
    if (!rest.ends_with(quote.close)) {
      return fail("nothing was sent: the message has no closing " + std::string(quote.close) + " at its end");
    }
    const auto text = rest.substr(0, rest.size() - quote.close.size());
    if (trimmed(text).empty()) return fail("nothing was sent: there is no text between the quotes");
    std::string valid = to_valid_utf8(text);
    if (valid.size() > kMostTypedMessage) {
      return fail("nothing was sent: a message has at most " + std::to_string(kMostTypedMessage) +
                  " bytes, this one " + std::to_string(valid.size()));
    }
    return ConductorLine(MessageTyped{std::move(valid)});
  }
  return std::nullopt;
}

// "stop", "stop 2.5". nullopt: neither.
std::optional<Result<ConductorLine>> parse_stop(std::string_view line) {
  if (line == "stop") return ConductorLine(StopTyped{});
  if (!line.starts_with("stop ")) return std::nullopt;
  const auto text = trimmed(line.substr(5));
  if (!is_digit(text.front())) return std::nullopt;
  const auto fade = parse_seconds(text);
  if (!fade) return Result<ConductorLine>(tl::make_unexpected(fade.error()));
  return ConductorLine(StopTyped{*fade});
}

}  // namespace

Result<ConductorLine> parse_conductor_line(std::string_view line, const ConductorWords& words) {
  if (line.size() > kMostLine) return fail("nothing was sent: the line is longer than 4096 bytes");
  line = trimmed(line);
  if (line.empty()) return NothingTyped{};
  if (auto message = parse_message(line)) return *message;
  if (auto stop = parse_stop(line)) return *stop;
  if (line == "who") return WhoTyped{};
  if (line == "help" || line == "?") return HelpTyped{};
  if (looks_like_part(line)) return parse_part(line);
  if (const auto* cue = find_name(words.cues, line)) return CueTyped{*cue};
  const auto colon = line.rfind(':');
  if (colon == line.npos || !looks_like_part(line.substr(colon + 1))) return expected(words);
  const auto wanted = trimmed(line.substr(0, colon));
  const auto* asset = find_name(words.assets, wanted);
  if (!asset) {
    return fail("nothing was sent: there is no asset '" + to_valid_utf8(wanted.substr(0, 80)) + "'" +
                (words.assets.empty() ? "" : "; there are: " + listed(words.assets)));
  }
  auto part = parse_part(line.substr(colon + 1));
  if (!part) return tl::make_unexpected(part.error());
  part->asset = *asset;
  return *part;
}

std::vector<std::string> complete_conductor_line(std::string_view line, const ConductorWords& words,
                                                 std::size_t most) {
  std::vector<std::string> out;
  if (line.size() > kMostLine) return out;
  const std::string folded = fold_case(line);
  const auto consider = [&](std::string candidate) {
    if (out.size() < most && fold_case(candidate).starts_with(folded) &&
        std::find(out.begin(), out.end(), candidate) == out.end()) {
      out.push_back(std::move(candidate));
    }
  };
  for (const auto& cue : words.cues) consider(cue);
  for (const auto word : kWords) consider(std::string(word));
  for (const auto& asset : words.assets) consider(asset + ":");
  return out;
}

std::string conductor_help(const ConductorWords& words) {
  std::string out =
      "  12.5,47        plays the audio from 12.5 s to 47 s; up to 3 decimals\n"
      "  asset:12.5,47  the same of another file";
  if (!words.assets.empty()) out += " (" + listed(words.assets) + ")";
  out += "\n  NAME           a cue of the sheet";
  if (!words.cues.empty()) out += " (" + listed(words.cues) + ")";
  return out +
         "\n  \"text\"         a message on every screen\n"
         "  stop           silence; stop 2.5 fades for so many seconds\n"
         "  who            who takes part\n"
         "  help           this\n"
         "Tab completes, arrow up brings back earlier lines.\n";
}

std::string show_seconds(milliseconds value) {
  const auto count = value.count();
  std::string decimals = std::to_string(1000 + count % 1000).substr(1);
  while (decimals.size() > 1 && decimals.back() == '0') decimals.pop_back();
  return std::to_string(count / 1000) + "." + decimals;
}

}  // namespace tutti::protocol
