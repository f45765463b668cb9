// What a client is told of a walk, as it reads it.
#include "protocol/walk_json.h"

#include <algorithm>

namespace tutti::protocol {
namespace {

namespace json = boost::json;
using sendspin::Fields;

constexpr std::int64_t kMostCount = std::int64_t{1} << 53;  // of microseconds, too: 285 years
constexpr std::int64_t kMostMillis = std::int64_t{1} << 40;
constexpr std::size_t kMostMessages = 100;
constexpr std::size_t kHashDigits = 64;

bool is_hash(const std::string& text) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == kHashDigits && std::all_of(text.begin(), text.end(), is_digit);
}

ServerTime time_in(const Fields& fields, std::string_view name) {
  return {Duration(fields.must(fields.integer(name, -kMostCount, kMostCount), name))};
}

Millis millis_in(const Fields& fields, std::string_view name) {
  return Millis(fields.must(fields.integer(name, 0, kMostMillis), name));
}

std::optional<Millis> maybe_millis(const Fields& fields, std::string_view name) {
  const auto number = fields.integer(name, 0, kMostMillis);
  if (!number) return std::nullopt;
  return Millis(*number);
}

// Calls `take` for each object of a list, `most` of them.
template <class Take>
void each_object(const Fields& fields, std::string_view name, std::size_t most, Take take) {
  const json::array* list = fields.array(name);
  if (!list) return;
  for (std::size_t i = 0; i < std::min(list->size(), most); ++i) {
    if (!(*list)[i].is_object()) return fields.complain(name, "a list of objects");
    take(Fields((*list)[i].get_object(), name, fields.problem()));
  }
}

WalkAbout read_about(const Fields& fields) {
  constexpr std::size_t kMostLanguages = 32, kMostWelcome = 10'000;
  return {fields.text("title").value_or(""), fields.text("text", kMostWelcome).value_or(""),
          fields.text("welcome", kMostWelcome).value_or(""),
          fields.texts("languages", kMostLanguages).value_or(std::vector<std::string>())};
}

WalkAsset read_asset(const Fields& fields) {
  WalkAsset out;
  out.id = fields.must(fields.text("id", kMostWalkIdBytes), "id");
  out.title = fields.text("title").value_or("");
  out.frames = fields.must(fields.integer("frames", 0, kMostCount), "frames");
  if (fields.integer("rate", 0, kMostCount) != WalkAsset::kRate) fields.complain("rate", "48000");
  out.is_ready = fields.boolean("ready").value_or(false);
  if (!out.is_ready) return out;
  out.bytes = fields.must(fields.integer("bytes", 0, kMostCount), "bytes");
  out.sha256 = fields.must(fields.text("sha256"), "sha256");
  out.delay = fields.must(fields.integer("delay", 0, kMostCount), "delay");
  if (!is_hash(out.sha256)) fields.complain("sha256", "64 hexadecimal digits");
  return out;
}

// A path of the server itself, whatever it begins with.
std::string read_url(const Fields& fields) {
  constexpr std::size_t kMostUrl = 2048;
  std::string url = fields.must(fields.text("url", kMostUrl), "url");
  const bool is_own = url.starts_with('/') && !url.starts_with("//");
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7F && c != '\\' && c != '#'; };
  if (!is_own || !std::all_of(url.begin(), url.end(), is_plain)) {
    fields.complain("url", "an address on this server");
  }
  return url;
}

WalkPart read_part(const Fields& fields) {
  WalkPart out;
  out.asset = fields.must(fields.text("asset", kMostWalkIdBytes), "asset");
  out.a = millis_in(fields, "a_ms");
  out.b = millis_in(fields, "b_ms");
  out.volume = fields.volume("volume").value_or(100);
  out.loop = fields.boolean("loop").value_or(false);
  return out;
}

std::optional<LiveCue> read_live(const std::optional<Fields>& fields) {
  if (!fields) return std::nullopt;
  LiveCue out;
  out.id = fields->must(fields->integer("id", 0, kMostCount), "id");
  out.name = fields->text("name");
  out.part = read_part(*fields);
  out.start = time_in(*fields, "start");
  out.author = fields->text("author").value_or("");
  if (const auto stop = fields->object("stop")) {
    out.stop = WalkStop{time_in(*stop, "at"), millis_in(*stop, "fade_ms")};
  }
  return out;
}

void read_live_pair(const Fields& fields, WalkLive& out) {
  const auto live = fields.object("live");
  if (!live) return;
  out.now = read_live(live->object("now"));
  out.next = read_live(live->object("next"));
}

std::optional<WalkArmed> read_armed(const Fields& fields) {
  const auto armed = fields.object("armed");
  if (!armed) return std::nullopt;
  return WalkArmed{time_in(*armed, "start"), armed->must(armed->text("from"), "from"),
                   armed->must(armed->integer("id", 0, kMostCount), "id"),
                   armed->text("author").value_or("")};
}

}  // namespace

sendspin::WalkState read_walk_state(const Fields& fields) {
  sendspin::WalkState out;
  Walk& walk = out.walk;
  const auto has = [&](std::string_view name) { return fields.find(name) != nullptr; };
  out.keys = {has("walk"),     has("assets"), has("sheet"), has("live"),
              has("messages"), has("lead"),   has("armed"), has("edit")};
  if (const auto about = fields.object("walk")) walk.about = read_about(*about);
  each_object(fields, "assets", kMostWalkAssets, [&](const Fields& each) {
    walk.assets.push_back(read_asset(each));
    out.urls.push_back(read_url(each));
  });
  each_object(fields, "sheet", Walk::kMostCues, [&](const Fields& each) {
    walk.sheet.push_back({each.must(each.text("name"), "name"), read_part(each),
                          each.text("note", kMostWalkText).value_or("")});
  });
  read_live_pair(fields, walk.live);
  if (out.keys.live) walk.reached = fields.text("reached").value_or("");
  if (const auto edit = fields.object("edit")) {
    walk.edit = {edit->must(edit->integer("revision", 0, kMostCount), "revision"),
                 edit->text("author").value_or("")};
  }
  each_object(fields, "messages", kMostMessages, [&](const Fields& each) {
    walk.messages.push_back({each.must(each.integer("seq", 0, kMostCount), "seq"),
                             each.must(each.text("text", kMostWalkText), "text"), time_in(each, "at"),
                             each.text("author").value_or("")});
  });
  if (const auto lead = fields.object("lead")) {
    walk.lead = {maybe_millis(*lead, "chosen_ms").value_or(Millis{0}), maybe_millis(*lead, "measured_ms"),
                 maybe_millis(*lead, "manual_ms")};
  }
  walk.armed = read_armed(fields);
  return out;
}

json::object walk_state_object(const sendspin::WalkState& state) {
  json::object out = walk_object(state.walk, state.keys);
  if (!state.keys.assets) return out;
  json::array& assets = out["assets"].as_array();
  for (std::size_t i = 0; i < assets.size(); ++i) assets[i].as_object()["url"] = state.urls[i];
  return out;
}

}  // namespace tutti::protocol
