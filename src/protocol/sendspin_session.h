// The server's side of Sendspin v1 with one client: what its messages mean, what it is told and when, without
// a socket or a clock. Messages come in any order, from clients of any kind; whatever they are, the answer is
// a list of actions for the shell (net/sendspin_socket.h).
#pragma once

#include "domain/encoding.h"
#include "protocol/sendspin_messages.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tutti::protocol::sendspin {

class Session {
 public:
  struct Self {
    std::string id, name;                                  // the server's
    ConnectionReason reason = ConnectionReason::playback;  // why it has called the client, where it has
    bool has_walk = false;                                 // there is one to take part in
  };

  // --- what is to be done, in this order

  // To the client, behind what was said before.
  struct Say {
    std::string text;
  };
  // Answers to client/time wait: take_answers() at the moment of writing, ahead of everything else.
  struct Answer {};
  struct End {
    std::uint16_t code;
    std::string reason;
  };
  // The client has introduced itself: its group is to be chosen, and told by on_group().
  struct Enter {};
  // state() has changed.
  struct Note {};
  struct Obey {
    Control control;
  };
  // The role's stream (player, visualizer) hears this encoding from now on, or nothing. `continues`: from
  // where the one before ends; else from now.
  struct Tune {
    Role role;
    std::optional<Encoding> encoding;
    bool continues = false;
  };
  // What channel `channel` is to show has changed: see artwork().
  struct Paint {
    int channel;
  };
  // A participant of the walk tells how it is, or what it has heard.
  struct Walk {
    std::variant<WalkReport, WalkSaid> said;
  };
  using Action = std::variant<Say, Answer, End, Enter, Note, Obey, Tune, Paint, Walk>;
  using Actions = std::vector<Action>;

  struct Group {
    std::uint32_t index = 0;  // another one: another timeline
    std::string id, name;
    bool is_playing = false;
    friend bool operator==(const Group&, const Group&) = default;
  };

  // What the client has made known of itself.
  struct State {
    OperationalState operational = OperationalState::synchronized;
    std::optional<int> volume;
    std::optional<bool> muted;
  };

  explicit Session(Self self) : self_(std::move(self)) {}

  // --- from the client; `now`: when it had come
  Actions on_text(std::string_view text, ServerTime now);
  Actions on_binary();

  // --- from the server
  Actions on_group(Group group);
  // All of it; only what has changed is sent on. `at` and the progress hold for the message.
  Actions on_metadata(const Metadata& metadata);
  Actions on_controller(const ControllerState& state);
  Actions on_command(const ServerCommand& command);
  // What it holds and has not played will not be heard (a seek, a skip).
  Actions on_cleared();
  // A picture of this size is about to be sent on a channel; 0 by 0: none.
  Actions on_picture(int channel, int width, int height);

  // Answers to what has been asked, stamped with `now`: at the write.
  std::vector<std::string> take_answers(ServerTime now);

  // --- of the client, once it has introduced itself
  bool is_known() const { return phase_ != Phase::silent && phase_ != Phase::over; }
  bool has(Role role) const { return roles_.contains(role); }
  // Nothing but a participant of the walk: in no group.
  bool only_walks() const { return roles_ == Roles{Role::walk}; }
  // As one, it is a loudspeaker.
  bool is_speaker() const { return is_speaker_; }
  const std::string& client_id() const { return client_id_; }
  const std::string& name() const { return name_; }
  const State& state() const { return state_; }
  PlayerCommands commands() const { return commands_; }
  // Bytes of audio, or of visualization, that it can hold.
  std::int64_t capacity(Role role) const;
  // Why it has left, where it has said so.
  std::optional<GoodbyeReason> goodbye() const { return goodbye_; }
  // By channel; what it wants to be shown.
  const std::vector<ArtworkChannel>& artwork() const { return artwork_; }
  bool is_showing() const { return streaming_.contains(Role::artwork); }
  // Role versions it would speak and this server does not.
  const std::vector<std::string>& foreign_roles() const { return foreign_roles_; }

 private:
  // How much of something may still be asked for.
  class Allowance {
   public:
    // False: it is used up.
    bool take(ServerTime now, Duration each, Duration at_once);

   private:
    ServerTime due_;  // if all of it were done one after the other
  };
  enum class Phase : std::uint8_t { silent, known, live, over };  // live: after its first client/state

  void take(ClientMessage message, ServerTime now, Actions& out);
  void on_hello(ClientHello&& hello, Actions& out);
  void on_state(const ClientState& state, Actions& out);
  void on_control(const Control& control, ServerTime now, Actions& out);
  void on_format_request(const FormatRequest& request, ServerTime now, Actions& out);
  void change_format(const PlayerFormatRequest& request, ServerTime now, Actions& out);
  void change_artwork(const ArtworkRequest& request, ServerTime now, Actions& out);
  std::vector<std::string> activate_roles(std::vector<std::string> listed);
  void choose_format(const std::vector<AudioFormat>& formats);
  void start_or_end(Actions& out);
  void start(Roles begun, Actions& out);
  void end_streams(Roles kept, Actions& out);
  StreamStart describe(Roles roles) const;
  void offend(Actions& out, std::string_view what);
  void close(Actions& out, std::uint16_t code, std::string reason);
  void say(Actions& out, const ServerMessage& message) const;

  Self self_;
  Phase phase_ = Phase::silent;
  Roles roles_;
  std::vector<std::string> foreign_roles_;
  std::string client_id_, name_;
  bool is_speaker_ = false;
  State state_;
  PlayerCommands commands_;
  std::int64_t audio_capacity_ = 0, visualizer_capacity_ = 0;
  std::optional<AudioFormat> format_;  // as it was negotiated
  std::optional<Encoding> encoding_;
  std::optional<ServerTime> format_changed_at_;
  std::vector<ArtworkChannel> artwork_;  // wished for
  std::vector<ArtworkChannel> shown_;    // as it was last described
  Roles streaming_;
  std::optional<Group> group_;
  std::optional<Metadata> metadata_;
  std::optional<ControllerState> controller_;
  std::optional<GoodbyeReason> goodbye_;
  struct Question {
    Duration client_transmitted;
    ServerTime received;
  };
  std::vector<Question> questions_;
  Allowance pictures_, orders_;
  unsigned offences_ = 0;
};

}  // namespace tutti::protocol::sendspin
