#include "app/sync_broadcasts.h"

#include "base/log.h"

#include <algorithm>
#include <utility>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

// A first player has it so soon.
constexpr Duration kStart = 300ms;
// A player that reconnects, or returns to a format, finds it running.
constexpr Duration kSyncLinger = 3s;

ServerTime on_grid(FrameClock clock, ServerTime t) {
  const Duration past = (t - clock.epoch) % kSyncGrid;
  return t - past + kSyncGrid;
}

bool are_alike(const SyncId& a, const SyncId& b) {
  return (a.group >= kFirstPrivate) == (b.group >= kFirstPrivate);
}

}  // namespace

void SyncBroadcasts::tune_in(const SyncId& id, Programmed* programme, std::size_t io_thread, ServerTime now) {
  const auto found = channels_.find(id);
  if (found != channels_.end()) {
    Channel& channel = found->second;
    channel.idle_since.reset();
    const auto& packets = channel.broadcast->packets();
    if (channel.threads.insert(io_thread).second && !packets.empty()) {
      audience_.deliver(io_thread, id, channel.grid, {packets.begin(), packets.end()});
    }
    return;
  }
  if (!programme) return audience_.refuse(io_thread, id, {"there is nothing to hear"});
  if (!make_room(id)) {
    return audience_.refuse(io_thread, id, {"too many formats are being made already; ask for a common one"});
  }
  Channel& channel = channels_[id];
  channel.threads.insert(io_thread);
  start(id, channel, *programme, now);
}

bool SyncBroadcasts::has_room(const SyncId& id) const {
  std::size_t count = 1;
  std::size_t bytes = SyncBroadcast::bytes_ahead(id.encoding);
  for (const auto& [other, channel] : channels_) {
    if (!are_alike(other, id)) continue;
    ++count;
    bytes += SyncBroadcast::bytes_ahead(other.encoding);
  }
  return count <= kMost && bytes <= kMostBytes;
}

// Who goes from format to format leaves none of them in the way of others.
bool SyncBroadcasts::make_room(const SyncId& id) {
  while (!has_room(id)) {
    auto longest = channels_.end();
    for (auto it = channels_.begin(); it != channels_.end(); ++it) {
      if (!it->second.idle_since || !are_alike(it->first, id)) continue;
      if (longest == channels_.end() || it->second.idle_since < longest->second.idle_since) longest = it;
    }
    if (longest == channels_.end()) return false;
    channels_.erase(longest);
  }
  return true;
}

void SyncBroadcasts::start(const SyncId& id, Channel& channel, Programmed& programme, ServerTime now) {
  SyncBroadcast::Events events;
  events.packets = [this, id, &channel](const std::vector<PacketPtr>& packets) {
    for (const auto thread : channel.threads) audience_.deliver(thread, id, channel.grid, packets);
  };
  events.revoked = [this, id, &channel](ServerTime from) {
    for (const auto thread : channel.threads) audience_.revoke(thread, id, from);
  };
  channel.grid = on_grid(programme.clock(), now + kStart);
  channel.broadcast =
      std::make_unique<SyncBroadcast>(producers_, programme, id.encoding, channel.grid, std::move(events));
  channel.broadcast->tick(now);
}

void SyncBroadcasts::leave(const SyncId& id, std::size_t io_thread, ServerTime now) {
  const auto found = channels_.find(id);
  if (found == channels_.end()) return;
  found->second.threads.erase(io_thread);
  if (found->second.threads.empty()) found->second.idle_since = now;
}

void SyncBroadcasts::tick(ServerTime now) {
  for (auto it = channels_.begin(); it != channels_.end();) {
    const auto& idle_since = it->second.idle_since;
    if (idle_since && now - *idle_since >= kSyncLinger) {
      it = channels_.erase(it);
      continue;
    }
    it->second.broadcast->tick(now);
    ++it;
  }
}

void SyncBroadcasts::drop(std::uint32_t group) {
  std::erase_if(channels_, [group](const auto& each) { return each.first.group == group; });
}

void SyncBroadcasts::refresh(std::uint32_t group, ServerTime now) {
  for (auto& [id, channel] : channels_) {
    if (id.group == group) channel.broadcast->tick(now);
  }
}

}  // namespace tutti::app
