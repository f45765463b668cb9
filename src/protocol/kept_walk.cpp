#include "protocol/kept_walk.h"

#include "protocol/sendspin_envelope.h"
#include "protocol/small_json.h"
#include "protocol/walk_json.h"

#include <boost/json/serialize.hpp>

namespace tutti::protocol {

namespace json = boost::json;

namespace {

Result<json::object> parse_object(std::string_view text) {
  if (text.size() > sendspin::kMostServerMessageBytes) return fail("it is larger than 4 MiB");
  boost::system::error_code error;
  json::value value = parse_small(text, error);
  if (error || !value.is_object()) return fail("it is no JSON object");
  return std::move(value.get_object());
}

// Of what is read for a line on a screen, control characters are left out; a walk's words have several lines.
void keep_lines(WalkAbout& about, const json::value& object) {
  if (!object.is_object()) return;
  about.text = text_in(object.get_object(), "text").value_or("");
  about.welcome = text_in(object.get_object(), "welcome").value_or("");
}

std::optional<WalkEvent::Kind> kind_named(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(WalkEvent::kLastKind); ++i) {
    if (name_of(static_cast<WalkEvent::Kind>(i)) == name) return static_cast<WalkEvent::Kind>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string format_kept_walk(const KeptWalk& kept) {
  WalkKeys keys;
  keys.sheet = kept.has_sheet;
  keys.about = kept.has_about;
  keys.live = keys.messages = keys.armed = keys.lead = keys.edit = true;
  json::object out = walk_object(kept.walk, keys);
  out["last_cue"] = kept.counts.cue;
  out["last_message"] = kept.counts.message;
  return json::serialize(out);
}

Result<KeptWalk> parse_kept_walk(std::string_view text) {
  constexpr std::int64_t kMostId = std::int64_t{1} << 53;
  const auto object = parse_object(text);
  if (!object) return tl::make_unexpected(object.error());
  sendspin::Fields::Problem problem;
  const sendspin::Fields fields(*object, "the walk", problem);
  auto state = read_walk_state(fields);
  KeptWalk out;
  out.walk = std::move(state.walk);
  out.has_sheet = state.keys.sheet;
  out.has_about = state.keys.about;
  if (out.has_about) keep_lines(out.walk.about, object->at("walk"));
  out.walk.lead = {{}, {}, out.walk.lead.manual};
  out.counts.cue = fields.must(fields.integer("last_cue", 0, kMostId), "last_cue");
  out.counts.message = fields.must(fields.integer("last_message", 0, kMostId), "last_message");
  if (problem) return tl::make_unexpected(std::move(*problem));
  return out;
}

std::string format_kept_event(const WalkEvent& event) {
  json::object out{{"at", event.at.since_start.count()}, {"kind", name_of(event.kind)}, {"text", event.text}};
  sendspin::put(out, "participant", event.participant);
  if (event.latency) out["latency_us"] = event.latency->count();
  return json::serialize(out);
}

Result<WalkEvent> parse_kept_event(std::string_view text) {
  constexpr std::size_t kMostText = 4096;
  const auto object = parse_object(text);
  if (!object) return tl::make_unexpected(object.error());
  sendspin::Fields::Problem problem;
  const sendspin::Fields fields(*object, "an event", problem);
  WalkEvent out;
  out.at = {fields.must(fields.time("at"), "at")};
  const auto kind = kind_named(fields.must(fields.text("kind"), "kind"));
  if (!kind) fields.complain("kind", "one that is known here");
  out.kind = kind.value_or(WalkEvent::Kind::connected);
  out.participant = fields.text("participant");
  out.latency = fields.time("latency_us");
  out.text = fields.must(fields.text("text", kMostText), "text");
  if (problem) return tl::make_unexpected(std::move(*problem));
  return out;
}

}  // namespace tutti::protocol
