#include "protocol/player_wire.h"

#include "protocol/player_fields.h"
#include "protocol/rfc3339.h"

#include <cmath>

#include <boost/json.hpp>

namespace tutti::protocol {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

tl::unexpected<Error> missing(std::string_view name) { return fail(std::string(name) + " is missing"); }

Result<NewTrack> read_track(const PlayerFields& fields) {
  NewTrack track;
  const auto id = fields.integer("track_id");
  const auto from_is = fields.name("from_is");
  const auto from_is_id = fields.integer("from_is_id");
  const auto position = fields.position("last_sec_position");
  if (!id) return tl::make_unexpected(id.error());
  if (!*id) return missing("track_id");
  if (!from_is) return tl::make_unexpected(from_is.error());
  if (!from_is_id) return tl::make_unexpected(from_is_id.error());
  if (!position) return tl::make_unexpected(position.error());
  track.track_id = **id;
  track.from_is = *from_is;
  track.from_is_id = *from_is_id;
  track.position = position->value_or(PlayerPosition{});
  return track;
}

Result<void> read_change(PlayerUpdate& update, std::string_view type, const PlayerFields& fields) {
  if (type == "new_track") {
    auto track = read_track(fields);
    if (!track) return tl::make_unexpected(track.error());
    update.change = std::move(*track);
  } else if (type == "on_pause") {
    update.change = OnPause{};
  } else if (type == "off_pause") {
    update.change = OffPause{};
  } else if (type == "change_position") {
    const auto position = fields.position("last_sec_position");
    if (!position) return tl::make_unexpected(position.error());
    if (!*position) return missing("last_sec_position");
    update.change = ChangePosition{**position};
  } else {
    return fail("unknown type_push_state");
  }
  return {};
}

Result<void> read_time(PlayerUpdate& update, std::string_view text) {
  const auto time = parse_rfc3339(text);
  if (!time) return fail("time_state_update: " + time.error().message);
  update.time = {*time};
  update.time_text = text;
  return {};
}

Result<PlayerMessage> read_message(const PlayerFields& fields) {
  const json::value* type = fields.find("type_push_state");
  if (!type || !type->is_string()) return missing("type_push_state");
  const std::string_view name = type->get_string();
  if (name == "time") {
    const json::value* t = fields.find("t");
    if (t && !t->is_number()) return fail("t is not a number");
    // What is too large for a number was read as infinity, which JSON has no word to send back with.
    if (t && t->is_double() && !std::isfinite(t->get_double())) return fail("t is too large");
    return PlayerMessage(PlayerTimeRequest{t ? json::serialize(*t) : ""});
  }
  PlayerUpdate update;
  if (auto read = read_change(update, name, fields); !read) return tl::make_unexpected(read.error());
  const auto text = fields.text("time_state_update");
  if (!text) return tl::make_unexpected(text.error());
  if (!*text) return missing("time_state_update");
  if (auto read = read_time(update, **text); !read) return tl::make_unexpected(read.error());
  const auto if_revision = fields.integer("if_revision");
  if (!if_revision) return tl::make_unexpected(if_revision.error());
  if (*if_revision) {
    if (**if_revision < 0) return fail("if_revision is negative");
    update.if_revision = static_cast<std::uint64_t>(**if_revision);
  }
  return PlayerMessage(std::move(update));
}

// Under a type, the whole state twice: flat, and under `data`.
std::string message_of(std::string_view type, json::object fields) {
  json::object out{{"type_push_state", type}};
  for (const auto& [name, value] : fields) out[name] = value;
  out["data"] = std::move(fields);
  return json::serialize(out);
}

json::object describe(const PlayerState& state) {
  json::object out{{"track_id", state.track_id}};
  if (state.from_is) out["from_is"] = *state.from_is;
  if (state.from_is_id) out["from_is_id"] = *state.from_is_id;
  out["on_pause"] = state.on_pause;
  const std::int64_t position = state.position.value.count();
  if (state.position.has_fraction && position % 1000 != 0) {
    out["last_sec_position"] = static_cast<double>(position) / 1000.0;
  } else {
    out["last_sec_position"] = position / 1000;
  }
  out["time_state_update"] = state.time_text.empty()
                                 ? format_rfc3339(state.time_state_update.since_unix_epoch, Zone::basic)
                                 : state.time_text;
  out["revision"] = state.revision;
  out["position_ms"] = position;
  if (state.track_length) out["track_length_ms"] = state.track_length->count();
  return out;
}

}  // namespace

Result<PlayerMessage> parse_player_message(std::string_view text) {
  const auto document = PlayerDocument::parse(text, kMostPlayerMessageBytes);
  if (!document) return tl::make_unexpected(document.error());
  const auto fields = document->fields();
  if (!fields) return tl::make_unexpected(fields.error());
  return read_message(*fields);
}

Result<PlayerUpdate> parse_player_put(std::string_view text, WallTime now) {
  const auto document = PlayerDocument::parse(text, kMostPlayerMessageBytes);
  if (!document) return tl::make_unexpected(document.error());
  const auto fields = document->fields();
  if (!fields) return tl::make_unexpected(fields.error());
  auto track = read_track(*fields);
  if (!track) return tl::make_unexpected(track.error());
  const auto on_pause = fields->boolean("on_pause");
  if (!on_pause) return tl::make_unexpected(on_pause.error());
  track->on_pause = on_pause->value_or(false);
  const auto time = fields->text("time_state_update");
  if (!time) return tl::make_unexpected(time.error());
  PlayerUpdate update;
  update.change = std::move(*track);
  update.time = {std::chrono::floor<milliseconds>(now.since_unix_epoch)};
  if (*time) {
    if (auto read = read_time(update, **time); !read) return tl::make_unexpected(read.error());
  } else {
    update.time_text = format_rfc3339(update.time.since_unix_epoch, Zone::basic);
  }
  return update;
}

std::string state_message(const std::optional<PlayerState>& state) {
  return state ? message_of("new_track", describe(*state)) : R"({"type_push_state":"no_track_state"})";
}

std::string invalid_format_message() { return R"({"type_push_state":"invalid_format"})"; }

std::string error_message(std::string_view why) {
  return json::serialize(json::object{{"type_push_state", "error"}, {"message", why}});
}

std::string time_message(const PlayerTimeRequest& request, WallTime now) {
  json::object fields;
  // It was a JSON number when it came.
  if (!request.t.empty()) fields["t"] = json::parse(request.t);
  fields["server_time"] = std::chrono::floor<milliseconds>(now.since_unix_epoch).count();
  return message_of("time", std::move(fields));
}

std::string show_player_state(const PlayerState& state) { return json::serialize(describe(state)); }

std::string format_player_state(const PlayerState& state) {
  json::object out = describe(state);
  if (state.accepted_at != WallTime{}) out["accepted_at_us"] = state.accepted_at.since_unix_epoch.count();
  if (state.position.has_fraction) out["has_fraction"] = true;
  return json::serialize(out);
}

Result<PlayerState> parse_player_state(std::string_view text) {
  const auto document = PlayerDocument::parse(text, kMostPlayerMessageBytes);
  if (!document) return tl::make_unexpected(document.error());
  const auto fields = document->fields();
  if (!fields) return tl::make_unexpected(fields.error());
  PlayerState state;
  const auto id = fields->integer("track_id");
  if (!id || !*id) return fail("track_id is missing or wrong");
  state.track_id = **id;
  // The original kept "" and 0 for what it was never told.
  if (const auto from_is = fields->name("from_is")) state.from_is = *from_is;
  if (const auto from_is_id = fields->integer("from_is_id")) state.from_is_id = *from_is_id;
  if (const auto on_pause = fields->boolean("on_pause")) state.on_pause = on_pause->value_or(false);
  if (const auto seconds = fields->position("last_sec_position")) {
    state.position = seconds->value_or(PlayerPosition{});
  }
  const auto exact = fields->integer("position_ms");
  if (exact && *exact && **exact >= 0) state.position.value = milliseconds(**exact);
  const auto finer = fields->boolean("has_fraction");
  if (finer && *finer) state.position.has_fraction = **finer;
  const auto time_text = fields->text("time_state_update");
  const auto time = parse_rfc3339(time_text && *time_text ? **time_text : "");
  if (!time) return fail("time_state_update is missing or wrong");
  state.time_state_update = {*time};
  state.time_text = **time_text;
  const auto revision = fields->integer("revision");
  if (revision && *revision && **revision > 0) state.revision = static_cast<std::uint64_t>(**revision);
  const auto length = fields->integer("track_length_ms");
  if (length && *length && **length >= 0) state.track_length = milliseconds(**length);
  const auto accepted = fields->integer("accepted_at_us");
  if (accepted && *accepted && **accepted > 0) state.accepted_at = {Duration(**accepted)};
  return state;
}

}  // namespace tutti::protocol
