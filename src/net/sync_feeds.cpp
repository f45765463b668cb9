#include "net/sync_feeds.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::net {
namespace {

namespace asio = boost::asio;
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
  if (is_new) {
    asio::post(control_.executor, [&control = control_, id, thread = io_thread_] {
      control.groups.tune_in(id, thread, control.clock.now());
    });
  }
  tick_soon();
}

void SyncFeeds::remove(const app::SyncId& id, SyncListener& listener, bool finishes) {
  const auto feed = feeds_.find(id);
  if (feed == feeds_.end()) return;
  if (finishes) feed->second.finish(listener, control_.clock.now());
  feed->second.remove(listener);
  if (feed->second.listeners() > 0) return;
  feeds_.erase(feed);
  asio::post(control_.executor, [&control = control_, id, thread = io_thread_] {
    control.groups.leave(id, thread, control.clock.now());
  });
}

void SyncFeeds::deliver(const app::SyncId& id, ServerTime grid, const std::vector<PacketPtr>& packets) {
  const auto feed = feeds_.find(id);
  if (feed != feeds_.end()) feed->second.push(packets, grid, control_.clock.now());
}

void SyncFeeds::revoke(const app::SyncId& id, ServerTime from) {
  const auto feed = feeds_.find(id);
  if (feed == feeds_.end()) return;
  for (SyncListener* listener : feed->second.revoke(from, control_.clock.now())) listener->owner.on_revoked();
}

void SyncFeeds::refuse(const app::SyncId& id, const Error& why) {
  const auto feed = feeds_.find(id);
  if (feed == feeds_.end()) return;
  for (SyncListener* listener : feed->second.all()) {
    listener->owner.refuse(why.message);
  }
}

void SyncFeeds::tick_soon() {
  if (std::exchange(is_ticking_, true)) return;
  timer_.expires_after(kTick);
  schedule();
}

void SyncFeeds::schedule() {
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || feeds_.empty()) {
      is_ticking_ = false;
      return;
    }
    const ServerTime now = control_.clock.now();
    for (auto& [id, feed] : feeds_) feed.serve(now);
    // From the last expiry, so that the pace does not depend on how long a tick takes.
    timer_.expires_at(std::max(timer_.expiry() + kTick, std::chrono::steady_clock::now()));
    schedule();
  });
}

}  // namespace tutti::net
