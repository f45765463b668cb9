#include "protocol/osc.h"

#include "base/utf8.h"

#include <bit>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

namespace tutti::protocol {
namespace {

using std::chrono::milliseconds;
using Bytes = std::span<const std::uint8_t>;

constexpr int kDeepestBundle = 4;  // bundles within bundles
constexpr double kDaySeconds = 86'400;

// Takes an OSC packet apart; what is cut off reads as nullopt.
class Reader {
 public:
  explicit Reader(Bytes bytes) : rest_(bytes) {}

  bool is_done() const { return rest_.empty(); }
  std::optional<Bytes> take(std::size_t count) {
    if (count > rest_.size()) return std::nullopt;
    const Bytes taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  std::optional<std::uint64_t> number(std::size_t bytes) {
    const auto taken = take(bytes);
    if (!taken) return std::nullopt;
    std::uint64_t value = 0;
    for (const auto byte : *taken) value = value << 8U | byte;
    return value;
  }
  // Ends with one to four NULs, so that what follows is aligned to four bytes.
  std::optional<std::string_view> text() {
    const std::string_view all(reinterpret_cast<const char*>(rest_.data()), rest_.size());
    const auto end = all.find('\0');
    if (end == all.npos || !take((end / 4 + 1) * 4)) return std::nullopt;
    return all.substr(0, end);
  }

 private:
  Bytes rest_;
};

using Argument = std::variant<double, std::string_view>;

std::optional<Argument> read_argument(Reader& in, char tag) {
  const auto signed_of = [](std::uint64_t v) { return static_cast<double>(static_cast<std::int64_t>(v)); };
  const bool is_wide = tag == 'h' || tag == 'd';
  if (tag == 's') {
    const auto text = in.text();
    return text ? std::optional<Argument>(*text) : std::nullopt;
  }
  const auto value = in.number(is_wide ? 8 : 4);
  if (!value) return std::nullopt;
  const auto narrow = static_cast<std::uint32_t>(*value);
  switch (tag) {
    case 'i':
      return Argument(static_cast<double>(static_cast<std::int32_t>(narrow)));
    case 'f':
      return Argument(static_cast<double>(std::bit_cast<float>(narrow)));
    case 'h':
      return Argument(signed_of(*value));
    default:
      return Argument(std::bit_cast<double>(*value));
  }
}

std::optional<milliseconds> seconds_of(const Argument& argument) {
  const auto* value = std::get_if<double>(&argument);
  if (!value || !(*value >= 0) || *value > kDaySeconds) return std::nullopt;
  return milliseconds(std::llround(*value * 1000));
}

std::string string_of(const Argument& argument) {
  return to_valid_utf8(std::get<std::string_view>(argument));
}
bool is_text(const Argument& argument) { return std::holds_alternative<std::string_view>(argument); }

Result<OscVerb> read_cue(const std::vector<Argument>& arguments) {
  if (arguments.size() == 1 && is_text(arguments[0])) return CueTyped{string_of(arguments[0])};
  const bool has_asset = arguments.size() == 3 && is_text(arguments[0]);
  if (arguments.size() == 2 || has_asset) {
    const auto a = seconds_of(arguments[arguments.size() - 2]);
    const auto b = seconds_of(arguments[arguments.size() - 1]);
    if (a && b && *a < *b) {
      PartTyped part{std::nullopt, *a, *b};
      if (has_asset) part.asset = string_of(arguments[0]);
      return part;
    }
  }
  return fail(
      "/tutti/cue takes the name of a cue, or two numbers of seconds, the first of them smaller, or an asset "
      "and these");
}

Result<OscVerb> read_stop(const std::vector<Argument>& arguments) {
  if (arguments.empty()) return StopTyped{};
  const auto fade = arguments.size() == 1 ? seconds_of(arguments[0]) : std::nullopt;
  if (!fade) return fail("/tutti/stop takes nothing, or the seconds that it fades for");
  return StopTyped{*fade};
}

Result<OscVerb> read_text(const std::vector<Argument>& arguments) {
  if (arguments.size() == 1 && is_text(arguments[0])) {
    std::string text = string_of(arguments[0]);
    if (!text.empty() && text.size() <= kMostTypedMessage) return MessageTyped{std::move(text)};
  }
  return fail("/tutti/message takes one text of 1 to " + std::to_string(kMostTypedMessage) + " bytes");
}

Result<OscVerb> read_message(Bytes bytes) {
  Reader in(bytes);
  const auto address = in.text();
  if (!address || !address->starts_with('/')) return fail("not an OSC message: it has no address");
  std::vector<Argument> arguments;
  if (!in.is_done()) {  // very old senders leave the tags out, where there are no arguments
    const auto tags = in.text();
    if (!tags || !tags->starts_with(',') || tags->size() > 5)
      return fail("the OSC message's type tags cannot be read");
    for (const char tag : tags->substr(1)) {
      if (std::string_view("ifhds").find(tag) == std::string_view::npos) {
        return fail("an OSC argument is neither a text nor a number");
      }
      const auto argument = read_argument(in, tag);
      if (!argument) return fail("the OSC message is cut off");
      arguments.push_back(*argument);
    }
    if (!in.is_done()) return fail("the OSC message goes on after its arguments");
  }
  if (*address == "/tutti/cue") return read_cue(arguments);
  if (*address == "/tutti/stop") return read_stop(arguments);
  if (*address == "/tutti/message") return read_text(arguments);
  return fail("there is no OSC address " + to_valid_utf8(address->substr(0, 80)) +
              ": /tutti/cue, /tutti/stop and /tutti/message are known");
}

Result<void> read_packet(Bytes packet, int depth, std::vector<OscVerb>& out) {
  constexpr std::string_view kBundle{"#bundle\0", 8};
  const std::string_view text(reinterpret_cast<const char*>(packet.data()), packet.size());
  if (!text.starts_with(kBundle)) {
    if (out.size() == kMostOscVerbs) return fail("the OSC bundle has more than 16 messages");
    auto verb = read_message(packet);
    if (!verb) return tl::make_unexpected(verb.error());
    out.push_back(std::move(*verb));
    return {};
  }
  if (depth == kDeepestBundle) return fail("the OSC bundle holds bundles within bundles, too deep");
  Reader in(packet.subspan(kBundle.size()));
  if (!in.number(8)) return fail("the OSC bundle is cut off");
  while (!in.is_done()) {
    const auto size = in.number(4);
    const auto element = size ? in.take(static_cast<std::size_t>(*size)) : std::nullopt;
    if (!element) return fail("the OSC bundle is cut off");
    if (auto read = read_packet(*element, depth + 1, out); !read) return read;
  }
  return {};
}

}  // namespace

Result<std::vector<OscVerb>> parse_osc(Bytes packet) {
  if (packet.size() > kMostOscBytes) return fail("the OSC packet has more than 8192 bytes");
  std::vector<OscVerb> verbs;
  if (auto read = read_packet(packet, 0, verbs); !read) return tl::make_unexpected(read.error());
  return verbs;
}

}  // namespace tutti::protocol
