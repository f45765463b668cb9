// What a device sends to /player, what an app PUTs, and what another program may have left in the store.
#include "protocol/player_wire.h"

#include "fuzz/require.h"

#include <variant>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto check = [](const PlayerUpdate& update) {
    std::optional<PlayerState> state;
    for (int i = 0; i < 2; ++i) {
      PlayerUpdate unconditional = update;
      unconditional.if_revision.reset();
      const auto outcome = apply_update(state, unconditional);
      if (const auto* next = std::get_if<PlayerState>(&outcome)) state = *next;
    }
    if (!state) return;
    REQUIRE(state->position.value.count() >= 0);
    const auto again = protocol::parse_player_state(protocol::format_player_state(*state));
    REQUIRE(again && *again == *state);
    const auto said = protocol::parse_player_message(protocol::state_message(state));
    REQUIRE(said && std::get<PlayerUpdate>(*said).time == state->time_state_update);
  };
  if (const auto message = protocol::parse_player_message(text)) {
    if (const auto* update = std::get_if<PlayerUpdate>(&*message)) check(*update);
    if (const auto* time = std::get_if<protocol::PlayerTimeRequest>(&*message)) {
      REQUIRE(protocol::parse_player_message(protocol::time_message(*time, {})));
    }
  }
  if (const auto put = protocol::parse_player_put(text, {})) check(*put);
  if (const auto state = protocol::parse_player_state(text)) {
    const auto again = protocol::parse_player_state(protocol::format_player_state(*state));
    REQUIRE(again && *again == *state);
  }
  return 0;
}
