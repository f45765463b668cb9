// The text messages of Sendspin v1 in both directions, as values: parsed from and printed to JSON. Unknown
// fields are passed over; known ones of another type or out of their range are an error that names them. What
// is absent stays absent: both sides send changes only. Source: see sendspin_types.h.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "domain/walk_people.h"
#include "protocol/sendspin_types.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tutti::protocol::sendspin {

// Absent (unchanged), null (cleared), or a value.
template <class T>
using Change = std::optional<std::optional<T>>;

// --- client to server

struct DeviceInfo {
  std::optional<std::string> product_name, manufacturer, software_version;
  friend bool operator==(const DeviceInfo&, const DeviceInfo&) = default;
};

struct PlayerSupport {
  std::vector<AudioFormat> formats;  // most preferred first; those with unknown codecs are left out
  std::int64_t buffer_capacity = 0;  // bytes of encoded audio not yet played
  PlayerCommands commands;
  friend bool operator==(const PlayerSupport&, const PlayerSupport&) = default;
};

struct ArtworkChannel {
  ArtworkSource source = ArtworkSource::none;
  ImageFormat format = ImageFormat::jpeg;
  int width = 0, height = 0;  // pixels; from the client: at most
  friend bool operator==(const ArtworkChannel&, const ArtworkChannel&) = default;
};

// The specification leaves the wishes open ("to be determined").
struct VisualizerSupport {
  std::int64_t buffer_capacity = 0;  // bytes
  friend bool operator==(const VisualizerSupport&, const VisualizerSupport&) = default;
};

struct ClientHello {
  std::string client_id, name;
  std::optional<DeviceInfo> device_info;
  int version = 1;
  std::vector<std::string> supported_roles;  // "player@v1", most preferred first
  // Of version 1; absent where the role is not listed, which is an error where it is.
  std::optional<PlayerSupport> player;
  std::optional<std::vector<ArtworkChannel>> artwork;  // 1 to 4
  std::optional<VisualizerSupport> visualizer;
  bool is_speaker = false;  // as a participant of a walk; else it is a phone
  friend bool operator==(const ClientHello&, const ClientHello&) = default;
};

struct TimeRequest {
  Duration client_transmitted{0};  // on the client's clock
  friend bool operator==(const TimeRequest&, const TimeRequest&) = default;
};

struct PlayerState {
  std::optional<int> volume;  // 0 to 100
  std::optional<bool> muted;
  friend bool operator==(const PlayerState&, const PlayerState&) = default;
};

struct ClientState {
  // Some clients put it into `player`; it is read there too.
  std::optional<OperationalState> state;
  std::optional<PlayerState> player;
  std::optional<WalkReport> walk = {};
  friend bool operator==(const ClientState&, const ClientState&) = default;
};

struct Control {
  ControllerCommand command = ControllerCommand::play;
  std::optional<int> volume;  // with `volume`, 0 to 100
  std::optional<bool> mute;   // with `mute`
  friend bool operator==(const Control&, const Control&) = default;
};

// A participant of a walk has shown a message.
struct WalkSeen {
  std::int64_t message = 0;  // its seq
  friend bool operator==(const WalkSeen&, const WalkSeen&) = default;
};
using WalkSaid = std::variant<WalkAck, WalkSeen>;

struct ClientCommand {
  std::optional<Control> controller;  // absent too where its command is an unknown word
  std::optional<WalkSaid> walk = {};  // likewise
  friend bool operator==(const ClientCommand&, const ClientCommand&) = default;
};

struct PlayerFormatRequest {
  std::optional<AudioCodec> codec;
  std::optional<int> rate, channels, bit_depth;
  friend bool operator==(const PlayerFormatRequest&, const PlayerFormatRequest&) = default;
};

struct ArtworkRequest {
  int channel = 0;  // 0 to 3
  std::optional<ArtworkSource> source;
  std::optional<ImageFormat> format;
  std::optional<int> width, height;
  friend bool operator==(const ArtworkRequest&, const ArtworkRequest&) = default;
};

struct FormatRequest {
  std::optional<PlayerFormatRequest> player;
  std::optional<ArtworkRequest> artwork;
  friend bool operator==(const FormatRequest&, const FormatRequest&) = default;
};

struct ClientGoodbye {
  GoodbyeReason reason = GoodbyeReason::restart;  // also where it is missing or a new word
  friend bool operator==(const ClientGoodbye&, const ClientGoodbye&) = default;
};

// The first message of later, encrypted generations.
struct ClientInit {
  friend bool operator==(const ClientInit&, const ClientInit&) = default;
};

// A type that this version does not know.
struct UnknownMessage {
  std::string type;
  friend bool operator==(const UnknownMessage&, const UnknownMessage&) = default;
};

using ClientMessage = std::variant<ClientHello, TimeRequest, ClientState, ClientCommand, FormatRequest,
                                   ClientGoodbye, ClientInit, UnknownMessage>;

// --- server to client

struct ServerHello {
  std::string server_id, name;
  int version = 1;
  std::vector<std::string> active_roles;  // "player@v1"
  ConnectionReason reason = ConnectionReason::playback;
  friend bool operator==(const ServerHello&, const ServerHello&) = default;
};

struct TimeAnswer {
  Duration client_transmitted{0};  // on the client's clock, as it came
  ServerTime received;             // the request
  ServerTime transmitted;          // this answer
  friend bool operator==(const TimeAnswer&, const TimeAnswer&) = default;
};

struct Progress {
  std::chrono::milliseconds position{0};
  std::chrono::milliseconds duration{0};  // 0: endless or unknown
  int speed = 1000;                       // thousandths; 0: paused
  friend bool operator==(const Progress&, const Progress&) = default;
};

struct Metadata {
  ServerTime at;  // from when on it holds
  Change<std::string> title, artist, album_artist, album, artwork_url;
  Change<int> year, track;
  Change<Progress> progress;
  Change<RepeatMode> repeat;
  Change<bool> shuffle;
  friend bool operator==(const Metadata&, const Metadata&) = default;
};

struct ControllerState {
  std::optional<ControllerCommands> commands;
  std::optional<int> volume;
  std::optional<bool> muted;
  friend bool operator==(const ControllerState&, const ControllerState&) = default;
};

// Of a walk what has changed: the parts that `keys` names, each whole.
struct WalkState {
  tutti::Walk walk;
  WalkKeys keys;
  std::vector<std::string> urls;  // of its assets, in their order: paths on the server
  friend bool operator==(const WalkState&, const WalkState&) = default;
};

struct ServerState {
  std::optional<Metadata> metadata;
  std::optional<ControllerState> controller;
  std::optional<WalkState> walk = {};
  friend bool operator==(const ServerState&, const ServerState&) = default;
};

// To a player: volume or mute, exactly one. A command of a later generation is read as an UnknownMessage.
struct ServerCommand {
  std::variant<int, bool> set;  // volume 0 to 100, or mute
  friend bool operator==(const ServerCommand&, const ServerCommand&) = default;
};

struct PlayerStream {
  AudioFormat format;
  std::string codec_header;  // bytes; base64 on the wire; empty: none
  friend bool operator==(const PlayerStream&, const PlayerStream&) = default;
};

// The specification leaves it open; docs/visualizer.md says what the data looks like.
struct VisualizerStream {
  std::string layout;               // "bands"
  int rate = 0;                     // messages a second
  int bands = 0;                    // in each
  int lowest = 0, highest = 0;      // Hz, of the first band's lower and the last one's upper edge
  int floor = 0;                    // dB, of level 0
  int window = 0, sample_rate = 0;  // frames that a moment is seen through, and their rate
  friend bool operator==(const VisualizerStream&, const VisualizerStream&) = default;
};

struct StreamStart {
  std::optional<PlayerStream> player;
  std::optional<std::vector<ArtworkChannel>> artwork;
  std::optional<VisualizerStream> visualizer;
  friend bool operator==(const StreamStart&, const StreamStart&) = default;
};

// Absent: all roles. Unknown roles are left out.
struct StreamClear {
  std::optional<Roles> roles;
  friend bool operator==(const StreamClear&, const StreamClear&) = default;
};
struct StreamEnd {
  std::optional<Roles> roles;
  friend bool operator==(const StreamEnd&, const StreamEnd&) = default;
};

struct GroupUpdate {
  Change<PlaybackState> playback_state;
  Change<std::string> group_id, group_name;
  friend bool operator==(const GroupUpdate&, const GroupUpdate&) = default;
};

using ServerMessage = std::variant<ServerHello, TimeAnswer, ServerState, ServerCommand, StreamStart,
                                   StreamClear, StreamEnd, GroupUpdate, UnknownMessage>;

// --- text

// Error: too long, not JSON, no type, no payload, or a field of another type or out of its range. Names and
// titles are cut at kMostTextBytes, what is beyond kMostFormats and kMostRoles is passed over.
Result<ClientMessage> parse_client_message(std::string_view text);
Result<ServerMessage> parse_server_message(std::string_view text);

std::string print(const ClientMessage& message);
std::string print(const ServerMessage& message);

}  // namespace tutti::protocol::sendspin
