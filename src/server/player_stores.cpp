#include "server/player_stores.h"

#include "base/secret.h"
#include "base/server_clock.h"
#include "protocol/player_wire.h"
#include "storage/redis_player_store.h"
#include "storage/sqlite_player_store.h"

#include <utility>

namespace tutti::server {
namespace {

template <class Store>
Result<std::unique_ptr<app::PlayerStore>> as_port(Result<std::unique_ptr<Store>> store) {
  if (!store) return tl::make_unexpected(store.error());
  return std::unique_ptr<app::PlayerStore>(std::move(*store));
}

}  // namespace

std::uint64_t random_id() {
  // 52 bits: exact in every store's numbers.
  return random_number() & ((std::uint64_t{1} << 52) - 1);
}

Result<std::unique_ptr<app::PlayerStore>> open_player_store(const ServeOptions& options,
                                                            const StateDir& state, std::uint64_t id) {
  const auto now = [clock = ServerClock()] { return clock.date(); };
  if (options.store == "sqlite") return as_port(storage::SqlitePlayerStore::open(state.players(), {id, now}));
  const auto address = storage::parse_redis_address(options.store);
  if (!address) return tl::make_unexpected(address.error());
  return std::make_unique<storage::RedisPlayerStore>(
      *address,
      storage::RedisPlayerStore::Settings{id, protocol::format_player_state, protocol::parse_player_state});
}

}  // namespace tutti::server
