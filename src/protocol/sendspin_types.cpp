#include "protocol/sendspin_types.h"

#include <array>

namespace tutti::protocol::sendspin {
namespace {

using namespace std::string_view_literals;

// In the order of the enumerators.
template <class Enum>
inline constexpr auto kNames = 0;
template <>
inline constexpr auto kNames<AudioCodec> = std::array{"pcm"sv, "flac"sv, "opus"sv};
template <>
inline constexpr auto kNames<Role> =
    std::array{"player"sv, "controller"sv, "metadata"sv, "artwork"sv, "visualizer"sv, "_walk"sv};
template <>
inline constexpr auto kNames<PlayerCommand> = std::array{"volume"sv, "mute"sv};
template <>
inline constexpr auto kNames<ControllerCommand> = std::array{
    "play"sv,       "pause"sv,      "stop"sv,       "next"sv,    "previous"sv,  "volume"sv, "mute"sv,
    "repeat_off"sv, "repeat_one"sv, "repeat_all"sv, "shuffle"sv, "unshuffle"sv, "switch"sv};
template <>
inline constexpr auto kNames<OperationalState> = std::array{"synchronized"sv, "error"sv, "external_source"sv};
template <>
inline constexpr auto kNames<PlaybackState> = std::array{"playing"sv, "stopped"sv};
template <>
inline constexpr auto kNames<GoodbyeReason> =
    std::array{"another_server"sv, "shutdown"sv, "restart"sv, "user_request"sv};
template <>
inline constexpr auto kNames<ConnectionReason> = std::array{"discovery"sv, "playback"sv};
template <>
inline constexpr auto kNames<RepeatMode> = std::array{"off"sv, "one"sv, "all"sv};
template <>
inline constexpr auto kNames<ArtworkSource> = std::array{"album"sv, "artist"sv, "none"sv};
template <>
inline constexpr auto kNames<ImageFormat> = std::array{"jpeg"sv, "png"sv, "bmp"sv};

template <class Enum>
std::string_view spell(Enum value) {
  return kNames<Enum>.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view name_of(AudioCodec value) { return spell(value); }
std::string_view name_of(Role value) { return spell(value); }
std::string_view name_of(PlayerCommand value) { return spell(value); }
std::string_view name_of(ControllerCommand value) { return spell(value); }
std::string_view name_of(OperationalState value) { return spell(value); }
std::string_view name_of(PlaybackState value) { return spell(value); }
std::string_view name_of(GoodbyeReason value) { return spell(value); }
std::string_view name_of(ConnectionReason value) { return spell(value); }
std::string_view name_of(RepeatMode value) { return spell(value); }
std::string_view name_of(ArtworkSource value) { return spell(value); }
std::string_view name_of(ImageFormat value) { return spell(value); }

template <class Enum>
std::optional<Enum> named(std::string_view name) {
  const auto& names = kNames<Enum>;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

template std::optional<AudioCodec> named<AudioCodec>(std::string_view);
template std::optional<Role> named<Role>(std::string_view);
template std::optional<PlayerCommand> named<PlayerCommand>(std::string_view);
template std::optional<ControllerCommand> named<ControllerCommand>(std::string_view);
template std::optional<OperationalState> named<OperationalState>(std::string_view);
template std::optional<PlaybackState> named<PlaybackState>(std::string_view);
template std::optional<GoodbyeReason> named<GoodbyeReason>(std::string_view);
template std::optional<ConnectionReason> named<ConnectionReason>(std::string_view);
template std::optional<RepeatMode> named<RepeatMode>(std::string_view);
template std::optional<ArtworkSource> named<ArtworkSource>(std::string_view);
template std::optional<ImageFormat> named<ImageFormat>(std::string_view);

}  // namespace tutti::protocol::sendspin
