#include "server/walk_stores.h"

#include "domain/walk_timing.h"
#include "protocol/kept_walk.h"
#include "storage/redis_walk_store.h"
#include "storage/sqlite_walk_store.h"

#include <utility>

namespace tutti::server {
namespace {

std::string format_walk(const app::StoredWalk& stored) {
  return protocol::format_kept_walk({shifted(stored.walk, stored.anchor.at_start.since_unix_epoch),
                                     stored.has_sheet, stored.has_about, stored.counts});
}

Result<app::StoredWalk> parse_walk(const std::string& text) {
  auto kept = protocol::parse_kept_walk(text);
  if (!kept) return tl::make_unexpected(kept.error());
  return app::StoredWalk{std::move(kept->walk), {}, kept->has_sheet, kept->has_about, kept->counts};
}

}  // namespace

Result<std::unique_ptr<app::WalkStore>> open_walk_store(const ServeOptions& options, const StateDir& state) {
  // Where nobody walks, no other connection is held.
  if (options.store == "sqlite" || options.walk.empty()) {
    auto store = storage::SqliteWalkStore::open(state.database());
    if (!store) return tl::make_unexpected(store.error());
    return std::unique_ptr<app::WalkStore>(std::move(*store));
  }
  const auto address = storage::parse_redis_address(options.store);
  if (!address) return tl::make_unexpected(address.error());
  return std::make_unique<storage::RedisWalkStore>(
      *address, storage::RedisWalkStore::Settings{
                    format_walk, parse_walk, protocol::format_kept_event,
                    [](const std::string& text) { return protocol::parse_kept_event(text); }});
}

}  // namespace tutti::server
