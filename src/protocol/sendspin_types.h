// Words of Sendspin v1 that several of its messages use, and how they are spelt on the wire. Source: the
// specification, Sendspin/spec README.md at 7e3157c; docs/protocol.md says what is made of it.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace tutti::protocol::sendspin {

inline constexpr std::size_t kMostMessageBytes = 16 * 1024;              // of one text message of a client,
inline constexpr std::size_t kMostServerMessageBytes = 4 * 1024 * 1024;  // of a server: a whole walk
inline constexpr std::size_t kMostTextBytes = 512;                       // of one name, id or title
inline constexpr std::size_t kMostFormats = 64;  // a client may list; more are passed over
inline constexpr std::size_t kMostRoles = 32;
inline constexpr std::size_t kMostArtworkChannels = 4;

// `walk`: an application role of this server (docs/protocol.md).
enum class Role : std::uint8_t { player, controller, metadata, artwork, visualizer, walk };
inline constexpr std::size_t kRoles = 6;

enum class AudioCodec : std::uint8_t { pcm, flac, opus };

// As it is said; what of it can be made is for domain/encoding.h to know.
struct AudioFormat {
  AudioCodec codec = AudioCodec::pcm;
  int rate = 48'000;  // Hz
  int channels = 2;
  int bit_depth = 16;

  friend auto operator<=>(const AudioFormat&, const AudioFormat&) = default;
};

// Sets of a few enumerators, as flags.
template <class Enum>
class Flags {
 public:
  constexpr Flags() = default;
  constexpr Flags(std::initializer_list<Enum> members) {
    for (const Enum each : members) insert(each);
  }
  constexpr void insert(Enum member) { bits_ |= bit(member); }
  constexpr void erase(Enum member) { bits_ &= ~bit(member); }
  constexpr bool contains(Enum member) const { return (bits_ & bit(member)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(Flags, Flags) = default;

 private:
  static constexpr std::uint32_t bit(Enum member) { return 1U << static_cast<unsigned>(member); }
  std::uint32_t bits_ = 0;
};
using Roles = Flags<Role>;

enum class PlayerCommand : std::uint8_t { volume, mute };
using PlayerCommands = Flags<PlayerCommand>;

enum class ControllerCommand : std::uint8_t {
  play,
  pause,
  stop,
  next,
  previous,
  volume,
  mute,
  repeat_off,
  repeat_one,
  repeat_all,
  shuffle,
  unshuffle,
  switch_group,
};
using ControllerCommands = Flags<ControllerCommand>;

enum class OperationalState : std::uint8_t { synchronized, error, external_source };
enum class PlaybackState : std::uint8_t { playing, stopped };
enum class GoodbyeReason : std::uint8_t { another_server, shutdown, restart, user_request };
enum class ConnectionReason : std::uint8_t { discovery, playback };
enum class RepeatMode : std::uint8_t { off, one, all };
enum class ArtworkSource : std::uint8_t { album, artist, none };
enum class ImageFormat : std::uint8_t { jpeg, png, bmp };

// How it is spelt; nullopt: no such word. Both directions for each of the above.
std::string_view name_of(AudioCodec);
std::string_view name_of(Role);  // without its version
std::string_view name_of(PlayerCommand);
std::string_view name_of(ControllerCommand);
std::string_view name_of(OperationalState);
std::string_view name_of(PlaybackState);
std::string_view name_of(GoodbyeReason);
std::string_view name_of(ConnectionReason);
std::string_view name_of(RepeatMode);
std::string_view name_of(ArtworkSource);
std::string_view name_of(ImageFormat);

template <class Enum>
std::optional<Enum> named(std::string_view name);

}  // namespace tutti::protocol::sendspin
