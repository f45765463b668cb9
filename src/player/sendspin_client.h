// The client's side of Sendspin v1 as a player with a controller and a display of titles: what it says when,
// and what follows from what it hears. Sans I/O: it is given messages and times, and asked for messages. It
// lives longer than a connection. Source: the specification, see protocol/sendspin_types.h.
#pragma once

#include "base/result.h"
#include "domain/clock_filter.h"
#include "player/now_playing.h"
#include "protocol/sendspin_messages.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace tutti::player {

struct PlayerProfile {
  std::string id;    // the same for ever, so that a server knows it again
  std::string name;  // for people
  std::string version;
  std::vector<protocol::sendspin::AudioFormat> formats;  // most preferred first
  std::int64_t buffer_capacity = 0;                      // bytes of encoded audio
  int volume = 100;                                      // 0 to 100
};

// What follows from a message, for who plays the sound.
struct SoundBegins {};  // or goes on in another format: SendspinClient::stream()
struct Sound {
  ServerTime at;                          // of its first sample
  std::span<const std::uint8_t> content;  // of the message
};
struct SoundCleared {};  // what has come is not to be heard; more follows
struct SoundEnds {};     // neither, and nothing follows
struct ClockChanged {};  // the server's clock is another one: what has come is of the old one
using ClientEvent = std::variant<std::monostate, SoundBegins, Sound, SoundCleared, SoundEnds, ClockChanged>;

class SendspinClient {
 public:
  explicit SendspinClient(PlayerProfile profile);

  // A connection stands.
  void begin();
  // Error: the server breaks the protocol, or speaks another one.
  Result<ClientEvent> on_text(std::string_view text, ClientTime arrived);
  Result<ClientEvent> on_binary(std::span<const std::uint8_t> message);

  // The next message, written at `now`; nullopt: none yet.
  std::optional<std::string> speak(ClientTime now);
  // When to ask again although nothing was heard or changed.
  ClientTime speaks_at(ClientTime now) const;
  // The goodbye has been said.
  bool has_left() const { return has_left_; }

  // What is to be told. Volume: 0 to 100.
  void set_volume(int volume);
  void set_muted(bool muted);
  // Whether the sound keeps up.
  void set_operational(bool is_synchronized);
  void leave(protocol::sendspin::GoodbyeReason reason);
  // False: the server does not let this be done.
  bool command(protocol::sendspin::ControllerCommand command);

  // Whether this connection has shown which clock its times are of.
  bool is_clock_sure() const { return is_clock_sure_; }
  const ClockFilter& clock() const { return clock_; }
  // Whether sound comes, and what it is like.
  bool is_streaming() const { return is_streaming_; }
  const protocol::sendspin::PlayerStream& stream() const { return stream_; }
  int volume() const { return volume_; }
  bool is_muted() const { return is_muted_; }
  const NowPlaying& now_playing() const { return now_playing_; }

 private:
  Result<ClientEvent> on_hello(const protocol::sendspin::ServerHello& hello);
  ClientEvent on_time(const protocol::sendspin::TimeAnswer& answer, ClientTime arrived);
  void on_command(const protocol::sendspin::ServerCommand& command);
  std::optional<std::string> changes();

  const PlayerProfile profile_;
  ClockFilter clock_;
  NowPlaying now_playing_;
  int volume_;
  bool is_muted_ = false;
  bool is_synchronized_ = true;

  // Of the connection.
  bool hello_said_ = false, hello_heard_ = false;
  bool is_clock_sure_ = false;
  bool is_streaming_ = false;
  protocol::sendspin::PlayerStream stream_;
  std::optional<ClientTime> asked_;          // a time request that is not answered yet
  std::optional<ClientTime> next_question_;  // nullopt: at once
  std::optional<protocol::sendspin::ClientState> told_;
  std::deque<protocol::sendspin::Control> commands_;
  std::optional<protocol::sendspin::GoodbyeReason> leaving_;
  bool has_left_ = false;
};

}  // namespace tutti::player
