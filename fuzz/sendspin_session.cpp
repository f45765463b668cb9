// A Sendspin client that says anything in any order, while its group does what groups do. Each line of the
// input is a message, but for those that begin with a digit: they are something that happens at the server.
#include "protocol/sendspin_session.h"

#include "fuzz/require.h"

#include <algorithm>

namespace {

using namespace tutti;
using namespace tutti::protocol::sendspin;

// What a client may rely on, whatever it has said itself.
class Witness {
 public:
  void see(const Session& session, const Session::Actions& actions) {
    REQUIRE(!is_over_ || actions.empty());
    REQUIRE(actions.size() < 16);
    for (const auto& action : actions) {
      if (const auto* say = std::get_if<Session::Say>(&action)) hear(session, say->text);
      if (const auto* tune = std::get_if<Session::Tune>(&action)) {
        const bool begins = tune->encoding.has_value();
        REQUIRE(!begins || (said_state && session.has(tune->role)));
        REQUIRE(begins || streaming_.contains(tune->role));
        if (begins) {
          streaming_.insert(tune->role);
        } else {
          streaming_.erase(tune->role);
        }
      }
      if (std::holds_alternative<Session::End>(action)) is_over_ = true;
    }
  }
  bool said_state = false;

 private:
  void hear(const Session& session, const std::string& text) {
    const auto message = parse_server_message(text);
    REQUIRE(message);
    REQUIRE(is_greeted_ || std::holds_alternative<ServerHello>(*message));
    REQUIRE(!(is_greeted_ && std::holds_alternative<ServerHello>(*message)));
    is_greeted_ = true;
    if (const auto* start = std::get_if<StreamStart>(&*message)) {
      REQUIRE(said_state);
      REQUIRE(!start->player || session.has(Role::player));
      REQUIRE(!start->artwork || session.has(Role::artwork));
    }
    if (const auto* state = std::get_if<ServerState>(&*message)) {
      REQUIRE(!state->metadata || session.has(Role::metadata));
      REQUIRE(!state->controller || session.has(Role::controller));
    }
    REQUIRE(!std::holds_alternative<ServerCommand>(*message) || session.has(Role::player));
  }
  bool is_greeted_ = false, is_over_ = false;
  Roles streaming_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  Session session({"id", "Tutti", ConnectionReason::playback, true});
  Witness witness;
  ServerTime now;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    now = now + Duration(100'000);
    const int event = !line.empty() && line[0] >= '0' && line[0] <= '9' ? line[0] - '0' : -1;
    const int value = line.size() > 1 ? line[1] : 0;
    switch (event) {
      case -1: {
        const auto message = parse_client_message(line);
        witness.said_state = witness.said_state || (message && std::holds_alternative<ClientState>(*message));
        witness.see(session, session.on_text(line, now));
        break;
      }
      case 0:
      case 1:
        witness.see(session, session.on_group({static_cast<std::uint32_t>(value), "/", "main", event == 1}));
        break;
      case 2: {
        Metadata metadata;
        metadata.at = now;
        metadata.title = std::optional<std::string>(value % 2 == 0 ? "a" : "b");
        metadata.progress = std::optional<Progress>();
        witness.see(session, session.on_metadata(metadata));
        break;
      }
      case 3:
        witness.see(session, session.on_controller(
                                 {ControllerCommands{ControllerCommand::volume}, value & 63, false}));
        break;
      case 4:
        witness.see(session, session.on_command({value & 63}));
        break;
      case 5:
        witness.see(session, session.on_cleared());
        break;
      case 6:
        witness.see(session, session.on_picture(value & 3, value & 127, 7));
        break;
      case 7:
        witness.see(session, session.on_binary());
        break;
      default:
        REQUIRE(session.take_answers(now).size() <= 16);
    }
  }
  return 0;
}
