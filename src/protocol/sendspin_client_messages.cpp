// From client to server.
#include "protocol/sendspin_envelope.h"
#include "protocol/sendspin_messages.h"
#include "protocol/sendspin_shared_fields.h"
#include "protocol/walk_json.h"

#include <algorithm>

namespace tutti::protocol::sendspin {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMostCapacity = std::int64_t{1} << 40;

// --- reading

DeviceInfo read_device(const Fields& fields) {
  return {fields.text("product_name"), fields.text("manufacturer"), fields.text("software_version")};
}

PlayerSupport read_player_support(const Fields& fields) {
  PlayerSupport out;
  const json::array* list = fields.array("supported_formats");
  if (!list) fields.complain("supported_formats", "there");
  for (std::size_t i = 0; list && i < std::min(list->size(), kMostFormats); ++i) {
    const json::object* each = (*list)[i].if_object();
    if (!each) {
      fields.complain("supported_formats", "an array of objects");
      break;
    }
    if (auto format = read_format(Fields(*each, fields.where(), fields.problem())))
      out.formats.push_back(*format);
  }
  out.buffer_capacity = fields.must(fields.integer("buffer_capacity", 0, kMostCapacity), "buffer_capacity");
  out.commands = fields.flags<PlayerCommand>("supported_commands").value_or(PlayerCommands{});
  return out;
}

bool lists(const ClientHello& hello, std::string_view role) {
  return std::find(hello.supported_roles.begin(), hello.supported_roles.end(), role) !=
         hello.supported_roles.end();
}

ClientMessage read_client_hello(const Fields& fields) {
  ClientHello out;
  out.client_id = fields.must(fields.text("client_id"), "client_id");
  if (out.client_id.empty()) fields.complain("client_id", "a text of at least one character");
  out.name = fields.must(fields.text("name"), "name");
  if (const auto device = fields.object("device_info")) out.device_info = read_device(*device);
  out.version = fields.must(fields.small("version", 0, 1'000'000), "version");
  out.supported_roles = fields.must(fields.texts("supported_roles", kMostRoles), "supported_roles");
  const auto support = [&](std::string_view role, std::string_view name) {
    auto found = lists(out, role) ? fields.object(name) : std::nullopt;
    if (!found && lists(out, role)) fields.complain(name, "there");
    return found;
  };
  if (const auto player = support("player@v1", "player@v1_support"))
    out.player = read_player_support(*player);
  if (const auto artwork = support("artwork@v1", "artwork@v1_support")) {
    out.artwork = read_channels(*artwork, kOfferedSize);
    if (!out.artwork || out.artwork->empty()) artwork->complain("channels", "one to four channels");
  }
  if (const auto visualizer = support("visualizer@v1", "visualizer@v1_support")) {
    out.visualizer = VisualizerSupport{visualizer->integer("buffer_capacity", 0, kMostCapacity).value_or(0)};
  }
  if (const auto walk = lists(out, "_walk@v1") ? fields.object("_walk@v1_support") : std::nullopt) {
    out.is_speaker = walk->text("kind") == "speaker";
  }
  return out;
}

ClientMessage read_client_state(const Fields& fields) {
  ClientState out;
  out.state = fields.word<OperationalState>("state");
  if (const auto walk = fields.object(name_of(Role::walk))) out.walk = read_walk_report(*walk);
  const auto player = fields.object("player");
  if (!player) return out;
  out.player = PlayerState{player->volume("volume"), player->boolean("muted")};
  if (!out.state) out.state = player->word<OperationalState>("state");
  return out;
}

ClientMessage read_client_command(const Fields& fields) {
  ClientCommand out;
  if (const auto walk = fields.object(name_of(Role::walk))) out.walk = read_walk_command(*walk);
  const auto controller = fields.object("controller");
  if (!controller) return out;
  const auto command = named<ControllerCommand>(controller->must(controller->text("command"), "command"));
  if (!command) return out;
  out.controller = Control{*command, std::nullopt, std::nullopt};
  if (*command == ControllerCommand::volume) {
    out.controller->volume = controller->must(controller->volume("volume"), "volume");
  } else if (*command == ControllerCommand::mute) {
    out.controller->mute = controller->must(controller->boolean("mute"), "mute");
  }
  return out;
}

ClientMessage read_format_request(const Fields& fields) {
  FormatRequest out;
  if (const auto player = fields.object("player")) {
    out.player = PlayerFormatRequest{
        player->word<AudioCodec>("codec"), player->small("sample_rate", 1, kMostRate),
        player->small("channels", 1, kMostChannels), player->small("bit_depth", 1, kMostBits)};
  }
  if (const auto artwork = fields.object("artwork")) {
    constexpr int kLast = static_cast<int>(kMostArtworkChannels) - 1;
    out.artwork = ArtworkRequest{artwork->must(artwork->small("channel", 0, kLast), "channel"),
                                 artwork->word<ArtworkSource>("source"), artwork->word<ImageFormat>("format"),
                                 artwork->small(kOfferedSize.width, 0, kMostPixels),
                                 artwork->small(kOfferedSize.height, 0, kMostPixels)};
  }
  return out;
}

ClientMessage read_goodbye(const Fields& fields) {
  const auto reason = named<GoodbyeReason>(fields.text("reason").value_or(""));
  return ClientGoodbye{reason.value_or(GoodbyeReason::restart)};
}

// --- printing

json::object print_player_support(const PlayerSupport& support) {
  json::array formats;
  for (const auto& format : support.formats)
    put_format(formats.emplace_back(json::object()).get_object(), format);
  json::array commands;
  for (const auto command : {PlayerCommand::volume, PlayerCommand::mute}) {
    if (support.commands.contains(command)) commands.emplace_back(name_of(command));
  }
  return {{"supported_formats", std::move(formats)},
          {"buffer_capacity", support.buffer_capacity},
          {"supported_commands", std::move(commands)}};
}

std::string print_hello(const ClientHello& hello) {
  json::object out{
      {"client_id", hello.client_id},
      {"name", hello.name},
      {"version", hello.version},
      {"supported_roles", json::array(hello.supported_roles.begin(), hello.supported_roles.end())}};
  if (hello.device_info) {
    json::object device;
    put(device, "product_name", hello.device_info->product_name);
    put(device, "manufacturer", hello.device_info->manufacturer);
    put(device, "software_version", hello.device_info->software_version);
    out["device_info"] = std::move(device);
  }
  if (hello.player) out["player@v1_support"] = print_player_support(*hello.player);
  if (hello.artwork) {
    out["artwork@v1_support"] = json::object{{"channels", print_channels(*hello.artwork, kOfferedSize)}};
  }
  if (hello.visualizer) {
    out["visualizer@v1_support"] = json::object{{"buffer_capacity", hello.visualizer->buffer_capacity}};
  }
  if (hello.is_speaker) out["_walk@v1_support"] = json::object{{"kind", "speaker"}};
  return Envelope::close("client/hello", std::move(out));
}

std::string print_state(const ClientState& state) {
  json::object out;
  if (state.state) out["state"] = name_of(*state.state);
  if (state.player) {
    json::object player;
    put(player, "volume", state.player->volume);
    put(player, "muted", state.player->muted);
    out["player"] = std::move(player);
  }
  if (state.walk) out[name_of(Role::walk)] = walk_report_object(*state.walk);
  return Envelope::close("client/state", std::move(out));
}

std::string print_command(const ClientCommand& command) {
  json::object out;
  if (command.controller) {
    json::object controller{{"command", name_of(command.controller->command)}};
    put(controller, "volume", command.controller->volume);
    put(controller, "mute", command.controller->mute);
    out["controller"] = std::move(controller);
  }
  if (command.walk) out[name_of(Role::walk)] = walk_command_object(*command.walk);
  return Envelope::close("client/command", std::move(out));
}

std::string print_format_request(const FormatRequest& request) {
  json::object out;
  if (request.player) {
    json::object player;
    if (request.player->codec) player["codec"] = name_of(*request.player->codec);
    put(player, "sample_rate", request.player->rate);
    put(player, "channels", request.player->channels);
    put(player, "bit_depth", request.player->bit_depth);
    out["player"] = std::move(player);
  }
  if (request.artwork) {
    json::object artwork{{"channel", request.artwork->channel}};
    if (request.artwork->source) artwork["source"] = name_of(*request.artwork->source);
    if (request.artwork->format) artwork["format"] = name_of(*request.artwork->format);
    put(artwork, kOfferedSize.width, request.artwork->width);
    put(artwork, kOfferedSize.height, request.artwork->height);
    out["artwork"] = std::move(artwork);
  }
  return Envelope::close("stream/request-format", std::move(out));
}

}  // namespace

Result<ClientMessage> parse_client_message(std::string_view text) {
  auto envelope = Envelope::open(text);
  if (!envelope) return tl::make_unexpected(envelope.error());
  const std::string& type = envelope->type;
  Fields::Problem problem;
  const Fields fields(envelope->payload.get_object(), type, problem);
  ClientMessage out = UnknownMessage{type};
  if (type == "client/hello") out = read_client_hello(fields);
  if (type == "client/time")
    out = TimeRequest{fields.must(fields.time("client_transmitted"), "client_transmitted")};
  if (type == "client/state") out = read_client_state(fields);
  if (type == "client/command") out = read_client_command(fields);
  if (type == "stream/request-format") out = read_format_request(fields);
  if (type == "client/goodbye") out = read_goodbye(fields);
  if (type == "client/init") out = ClientInit{};
  if (problem) return tl::make_unexpected(std::move(*problem));
  return out;
}

std::string print(const ClientMessage& message) {
  return std::visit(
      Overloaded{
          [](const ClientHello& m) { return print_hello(m); },
          [](const TimeRequest& m) {
            return Envelope::close("client/time", {{"client_transmitted", m.client_transmitted.count()}});
          },
          [](const ClientState& m) { return print_state(m); },
          [](const ClientCommand& m) { return print_command(m); },
          [](const FormatRequest& m) { return print_format_request(m); },
          [](const ClientGoodbye& m) {
            return Envelope::close("client/goodbye", {{"reason", name_of(m.reason)}});
          },
          [](const ClientInit&) { return Envelope::close("client/init", {}); },
          [](const UnknownMessage& m) { return Envelope::close(m.type, {}); }},
      message);
}

}  // namespace tutti::protocol::sendspin
