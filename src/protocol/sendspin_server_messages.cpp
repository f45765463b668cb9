// From server to client.
#include "base/base64.h"
#include "protocol/sendspin_envelope.h"
#include "protocol/sendspin_messages.h"
#include "protocol/sendspin_shared_fields.h"
#include "protocol/walk_json.h"

#include <limits>

namespace tutti::protocol::sendspin {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostUrlBytes = 2048, kMostHeaderBytes = 4096;
constexpr std::int64_t kMostMillis = std::int64_t{1} << 50;

// --- reading

// Absent, null or a value: `value` is what was read of the field.
template <class T>
Change<T> change(const Fields& fields, std::string_view name, std::optional<T> value) {
  if (value) return value;
  if (fields.is_null(name)) return std::optional<T>();
  return std::nullopt;
}

ServerMessage read_server_hello(const Fields& fields) {
  ServerHello out;
  out.server_id = fields.must(fields.text("server_id"), "server_id");
  out.name = fields.must(fields.text("name"), "name");
  out.version = fields.must(fields.small("version", 0, 1'000'000), "version");
  out.active_roles = fields.must(fields.texts("active_roles", kMostRoles), "active_roles");
  out.reason = named<ConnectionReason>(fields.text("connection_reason").value_or(""))
                   .value_or(ConnectionReason::discovery);
  return out;
}

ServerMessage read_time(const Fields& fields) {
  return TimeAnswer{fields.must(fields.time("client_transmitted"), "client_transmitted"),
                    {fields.must(fields.time("server_received"), "server_received")},
                    {fields.must(fields.time("server_transmitted"), "server_transmitted")}};
}

std::optional<Progress> read_progress(const Fields& fields) {
  const auto progress = fields.object("progress");
  if (!progress) return std::nullopt;
  constexpr int kMostSpeed = 1'000'000;
  using std::chrono::milliseconds;
  return Progress{
      milliseconds(progress->must(progress->integer("track_progress", 0, kMostMillis), "track_progress")),
      milliseconds(progress->must(progress->integer("track_duration", 0, kMostMillis), "track_duration")),
      progress->must(progress->small("playback_speed", 0, kMostSpeed), "playback_speed")};
}

Metadata read_metadata(const Fields& fields) {
  const auto text = [&](std::string_view name, std::size_t most = kMostTextBytes) {
    return change<std::string>(fields, name, fields.text(name, most));
  };
  constexpr int kMost = std::numeric_limits<int>::max();
  Metadata out;
  out.at = {fields.must(fields.time("timestamp"), "timestamp")};
  out.title = text("title");
  out.artist = text("artist");
  out.album_artist = text("album_artist");
  out.album = text("album");
  out.artwork_url = text("artwork_url", kMostUrlBytes);
  out.year = change<int>(fields, "year", fields.small("year", -kMost, kMost));
  out.track = change<int>(fields, "track", fields.small("track", -kMost, kMost));
  out.progress = change<Progress>(fields, "progress", read_progress(fields));
  out.repeat = change<RepeatMode>(fields, "repeat", fields.word<RepeatMode>("repeat"));
  out.shuffle = change<bool>(fields, "shuffle", fields.boolean("shuffle"));
  return out;
}

ServerMessage read_server_state(const Fields& fields) {
  ServerState out;
  if (const auto metadata = fields.object("metadata")) out.metadata = read_metadata(*metadata);
  if (const auto controller = fields.object("controller")) {
    out.controller = ControllerState{controller->flags<ControllerCommand>("supported_commands"),
                                     controller->volume("volume"), controller->boolean("muted")};
  }
  if (const auto walk = fields.object(name_of(Role::walk))) out.walk = read_walk_state(*walk);
  return out;
}

ServerMessage read_server_command(const Fields& fields) {
  const auto player = fields.object("player");
  const auto command =
      player ? named<PlayerCommand>(player->must(player->text("command"), "command")) : std::nullopt;
  if (!command) return UnknownMessage{std::string(fields.where())};
  if (*command == PlayerCommand::volume)
    return ServerCommand{player->must(player->volume("volume"), "volume")};
  return ServerCommand{player->must(player->boolean("mute"), "mute")};
}

std::optional<PlayerStream> read_player_stream(const Fields& fields) {
  PlayerStream out;
  const auto format = read_format(fields);
  if (!format) {
    fields.complain("codec", "one that is known here");
    return std::nullopt;
  }
  out.format = *format;
  const auto header = from_base64(fields.text("codec_header", kMostHeaderBytes).value_or(""));
  if (!header) fields.complain("codec_header", "base64");
  out.codec_header = header.value_or("");
  return out;
}

ServerMessage read_start(const Fields& fields) {
  constexpr int kMost = 1'000'000;
  StreamStart out;
  if (const auto player = fields.object("player")) out.player = read_player_stream(*player);
  if (const auto artwork = fields.object("artwork")) out.artwork = read_channels(*artwork, kActualSize);
  if (const auto visualizer = fields.object("visualizer")) {
    const auto number = [&](std::string_view name) {
      return visualizer->small(name, -kMost, kMost).value_or(0);
    };
    out.visualizer = VisualizerStream{visualizer->text("layout").value_or(""),
                                      number("rate"),
                                      number("bands"),
                                      number("f_min"),
                                      number("f_max"),
                                      number("db_min"),
                                      number("window"),
                                      number("sample_rate")};
  }
  return out;
}

ServerMessage read_group(const Fields& fields) {
  GroupUpdate out;
  out.playback_state =
      change<PlaybackState>(fields, "playback_state", fields.word<PlaybackState>("playback_state"));
  out.group_id = change<std::string>(fields, "group_id", fields.text("group_id"));
  out.group_name = change<std::string>(fields, "group_name", fields.text("group_name"));
  return out;
}

// --- printing

template <class T, class Print>
void put_change(json::object& out, std::string_view name, const Change<T>& change, Print print_value) {
  if (!change) return;
  if (*change) {
    out[name] = print_value(**change);
  } else {
    out[name] = nullptr;
  }
}

template <class T>
void put_change(json::object& out, std::string_view name, const Change<T>& change) {
  put_change(out, name, change, [](const T& value) { return json::value(value); });
}

json::value print_progress(const Progress& progress) {
  return json::object{{"track_progress", progress.position.count()},
                      {"track_duration", progress.duration.count()},
                      {"playback_speed", progress.speed}};
}

json::object print_metadata(const Metadata& metadata) {
  json::object out{{"timestamp", metadata.at.since_start.count()}};
  put_change(out, "title", metadata.title);
  put_change(out, "artist", metadata.artist);
  put_change(out, "album_artist", metadata.album_artist);
  put_change(out, "album", metadata.album);
  put_change(out, "artwork_url", metadata.artwork_url);
  put_change(out, "year", metadata.year);
  put_change(out, "track", metadata.track);
  put_change(out, "progress", metadata.progress, print_progress);
  put_change(out, "repeat", metadata.repeat, [](RepeatMode mode) { return json::value(name_of(mode)); });
  put_change(out, "shuffle", metadata.shuffle);
  return out;
}

json::object print_controller(const ControllerState& state) {
  json::object out;
  if (state.commands) {
    json::array commands;
    constexpr int kLast = static_cast<int>(ControllerCommand::switch_group);
    for (int i = 0; i <= kLast; ++i) {
      const auto command = static_cast<ControllerCommand>(i);
      if (state.commands->contains(command)) commands.emplace_back(name_of(command));
    }
    out["supported_commands"] = std::move(commands);
  }
  put(out, "volume", state.volume);
  put(out, "muted", state.muted);
  return out;
}

std::string print_state(const ServerState& state) {
  json::object out;
  if (state.metadata) out["metadata"] = print_metadata(*state.metadata);
  if (state.controller) out["controller"] = print_controller(*state.controller);
  if (state.walk) out[name_of(Role::walk)] = walk_state_object(*state.walk);
  return Envelope::close("server/state", std::move(out));
}

std::string print_command(const ServerCommand& command) {
  json::object player;
  if (const int* volume = std::get_if<int>(&command.set)) {
    player = {{"command", "volume"}, {"volume", *volume}};
  } else {
    player = {{"command", "mute"}, {"mute", std::get<bool>(command.set)}};
  }
  return Envelope::close("server/command", {{"player", std::move(player)}});
}

std::string print_start(const StreamStart& start) {
  json::object out;
  if (start.player) {
    json::object player;
    put_format(player, start.player->format);
    if (!start.player->codec_header.empty()) player["codec_header"] = to_base64(start.player->codec_header);
    out["player"] = std::move(player);
  }
  if (start.artwork) out["artwork"] = json::object{{"channels", print_channels(*start.artwork, kActualSize)}};
  if (start.visualizer) {
    const VisualizerStream& seen = *start.visualizer;
    out["visualizer"] = json::object{{"layout", seen.layout}, {"rate", seen.rate},
                                     {"bands", seen.bands},   {"f_min", seen.lowest},
                                     {"f_max", seen.highest}, {"db_min", seen.floor},
                                     {"window", seen.window}, {"sample_rate", seen.sample_rate}};
  }
  return Envelope::close("stream/start", std::move(out));
}

std::string print_roles(std::string_view type, const std::optional<Roles>& roles) {
  json::object out;
  if (roles) {
    json::array names;
    for (std::size_t i = 0; i < kRoles; ++i) {
      if (roles->contains(static_cast<Role>(i))) names.emplace_back(name_of(static_cast<Role>(i)));
    }
    out["roles"] = std::move(names);
  }
  return Envelope::close(type, std::move(out));
}

std::string print_group(const GroupUpdate& update) {
  json::object out;
  put_change(out, "playback_state", update.playback_state,
             [](PlaybackState state) { return json::value(name_of(state)); });
  put_change(out, "group_id", update.group_id);
  put_change(out, "group_name", update.group_name);
  return Envelope::close("group/update", std::move(out));
}

}  // namespace

Result<ServerMessage> parse_server_message(std::string_view text) {
  auto envelope = Envelope::open(text, kMostServerMessageBytes);
  if (!envelope) return tl::make_unexpected(envelope.error());
  const std::string& type = envelope->type;
  Fields::Problem problem;
  const Fields fields(envelope->payload.get_object(), type, problem);
  ServerMessage out = UnknownMessage{type};
  if (type == "server/hello") out = read_server_hello(fields);
  if (type == "server/time") out = read_time(fields);
  if (type == "server/state") out = read_server_state(fields);
  if (type == "server/command") out = read_server_command(fields);
  if (type == "stream/start") out = read_start(fields);
  if (type == "stream/clear") out = StreamClear{fields.flags<Role>("roles")};
  if (type == "stream/end") out = StreamEnd{fields.flags<Role>("roles")};
  if (type == "group/update") out = read_group(fields);
  if (problem) return tl::make_unexpected(std::move(*problem));
  return out;
}

std::string print(const ServerMessage& message) {
  return std::visit(
      Overloaded{[](const ServerHello& m) {
                   return Envelope::close(
                       "server/hello",
                       {{"server_id", m.server_id},
                        {"name", m.name},
                        {"version", m.version},
                        {"active_roles", json::array(m.active_roles.begin(), m.active_roles.end())},
                        {"connection_reason", name_of(m.reason)}});
                 },
                 [](const TimeAnswer& m) {
                   return Envelope::close("server/time",
                                          {{"client_transmitted", m.client_transmitted.count()},
                                           {"server_received", m.received.since_start.count()},
                                           {"server_transmitted", m.transmitted.since_start.count()}});
                 },
                 [](const ServerState& m) { return print_state(m); },
                 [](const ServerCommand& m) { return print_command(m); },
                 [](const StreamStart& m) { return print_start(m); },
                 [](const StreamClear& m) { return print_roles("stream/clear", m.roles); },
                 [](const StreamEnd& m) { return print_roles("stream/end", m.roles); },
                 [](const GroupUpdate& m) { return print_group(m); },
                 [](const UnknownMessage& m) { return Envelope::close(m.type, {}); }},
      message);
}

}  // namespace tutti::protocol::sendspin
