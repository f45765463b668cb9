// A player whose server says anything in any order. Each line of the input is a message, but for those that
// begin with a digit: they are something that happens at the player.
#include "player/sendspin_client.h"

#include "fuzz/require.h"

#include <algorithm>
#include <cmath>

namespace {

using namespace tutti;
using namespace tutti::player;
using namespace tutti::protocol::sendspin;

// What a server may rely on, whatever it has said itself.
class Witness {
 public:
  // All that the player has to say now.
  void listen(SendspinClient& client, ClientTime now) {
    for (int said = 0; const auto text = client.speak(now); ++said) {
      REQUIRE(said < 32);
      const auto message = parse_client_message(*text);
      REQUIRE(message);
      REQUIRE(is_greeted_ != std::holds_alternative<ClientHello>(*message));
      is_greeted_ = true;
      REQUIRE(!has_left_);
      has_left_ = std::holds_alternative<ClientGoodbye>(*message);
      if (const auto* request = std::get_if<TimeRequest>(&*message)) asked = request->client_transmitted;
      if (const auto* state = std::get_if<ClientState>(&*message); state && state->player) {
        REQUIRE(state->player->volume.value_or(0) <= 100);
      }
    }
    REQUIRE(has_left_ == client.has_left());
  }
  void begin() { is_greeted_ = false; }
  Duration asked{0};

 private:
  bool is_greeted_ = false, has_left_ = false;
};

PlayerProfile profile() {
  PlayerProfile made;
  made.id = "id";
  made.name = "kitchen";
  made.formats = {{AudioCodec::opus, 48'000, 2, 16}};
  made.buffer_capacity = 1'000'000;
  return made;
}

void check(const SendspinClient& client, ClientTime now) {
  REQUIRE(client.volume() >= 0 && client.volume() <= 100);
  REQUIRE(client.speaks_at(now).since_start.count() > 0);
  if (client.clock().ready()) REQUIRE(client.clock().uncertainty(now) >= Duration(0));
  const ServerTime there = client.clock().ready() ? client.clock().to_server(now) : ServerTime{};
  const auto position = client.now_playing().position(there);
  REQUIRE(!position || position->count() >= 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  SendspinClient client(profile());
  client.begin();
  Witness witness;
  ClientTime now{Duration(1'000'000)};
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const int event = !line.empty() && line[0] >= '0' && line[0] <= '9' ? line[0] - '0' : -1;
    const int value = line.size() > 1 ? line[1] : 0;
    now = now + Duration(1'000);
    witness.listen(client, now);
    switch (event) {
      case -1:
        (void)client.on_text(line, now);
        break;
      case 0:  // nobody comes again who has left
        if (client.has_left()) break;
        client.begin();
        witness.begin();
        break;
      case 1: {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(line.data()) + 1;
        const auto heard = client.on_binary({bytes, line.size() - 1});
        if (heard && std::holds_alternative<Sound>(*heard)) REQUIRE(client.is_streaming());
        break;
      }
      case 2:
        client.set_volume(value);
        break;
      case 3:
        client.set_muted(value % 2 == 0);
        break;
      case 4:
        client.command(static_cast<ControllerCommand>(value & 7));
        break;
      case 5:
        client.set_operational(value % 2 == 0);
        break;
      case 6:
        client.leave(GoodbyeReason::shutdown);
        break;
      case 7: {  // the answer to what was asked, from a clock that is off by as much as the line says
        const ServerTime there{witness.asked + Duration(std::int64_t{1} << (value & 63))};
        (void)client.on_text(print(ServerMessage(TimeAnswer{witness.asked, there, there})), now);
        break;
      }
      default:
        now = now + Duration(std::int64_t{1} << (value & 31));
    }
    witness.listen(client, now);
    check(client, now);
  }
  return 0;
}
