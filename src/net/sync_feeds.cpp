#include "net/sync_feeds.h"

#include <algorithm>
#include <utility>

namespace tutti::net {
namespace {

using protocol::sendspin::BinaryKind;
using protocol::sendspin::Role;

constexpr std::chrono::milliseconds kTick{50};

BinaryKind kind_of(const app::SyncId& id) {
  return {id.encoding.codec == Encoding::Codec::visualization ? Role::visualizer : Role::player, 0};
}

}  // namespace

void SyncFeeds::add(const app::SyncId& id, SyncListener& listener) {
  const auto [feed, is_new] = feeds_.try_emplace(id, kind_of(id));
  feed->second.add(listener);
  if (is_new) events_.tune_in(id);
  tick_soon();
}

void SyncFeeds::remove(const app::SyncId& id, SyncListener& listener, bool finishes) {
  const auto feed = feeds_.find(id);
  if (feed == feeds_.end()) return;
  if (finishes) feed->second.finish(listener, events_.now());
  feed->second.remove(listener);
  if (feed->second.listeners() > 0) return;
  feeds_.erase(feed);
  ++leaving_[id];
  events_.leave(id, [this, id] {
    if (--leaving_[id] == 0) leaving_.erase(id);
  });
}

SyncFeed* SyncFeeds::find(const app::SyncId& id) {
  const auto feed = feeds_.find(id);
  return feed == feeds_.end() || leaving_.contains(id) ? nullptr : &feed->second;
}

void SyncFeeds::deliver(const app::SyncId& id, ServerTime grid, const std::vector<PacketPtr>& packets) {
  if (SyncFeed* feed = find(id)) feed->push(packets, grid, events_.now());
}

void SyncFeeds::revoke(const app::SyncId& id, ServerTime from) {
  SyncFeed* feed = find(id);
  if (!feed) return;
  for (SyncListener* listener : feed->revoke(from, events_.now())) listener->owner.on_revoked();
}

void SyncFeeds::refuse(const app::SyncId& id, const Error& why) {
  SyncFeed* feed = find(id);
  if (!feed) return;
  for (SyncListener* listener : feed->all()) listener->owner.refuse(why.message);
}

void SyncFeeds::tick_soon() {
  if (std::exchange(is_ticking_, true)) return;
  timer_.expires_after(kTick);
  schedule();
}

void SyncFeeds::tick(ServerTime now) {
  for (auto& [id, feed] : feeds_) feed.serve(now);
}

void SyncFeeds::schedule() {
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || feeds_.empty()) {
      is_ticking_ = false;
      return;
    }
    tick(events_.now());
    // From the last expiry, so that the pace does not depend on how long a tick takes.
    timer_.expires_at(std::max(timer_.expiry() + kTick, std::chrono::steady_clock::now()));
    schedule();
  });
}

}  // namespace tutti::net
