// All feeds of players in sync on one I/O thread. Asks control for what nobody on this thread hears yet, and
// lets go of what nobody hears any more.
#pragma once

#include "app/sync_audience.h"
#include "net/sync_feed.h"

#include <functional>
#include <map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tutti::net {

class SyncFeeds {
 public:
  struct Events {
    std::function<ServerTime()> now;
    // Control is to know that somebody listens; that nobody does any more, after which `left` is called here.
    std::function<void(const app::SyncId&)> tune_in;
    std::function<void(const app::SyncId&, std::function<void()> left)> leave;
  };

  SyncFeeds(boost::asio::io_context& context, Events events) : events_(std::move(events)), timer_(context) {}

  // The owner removes it before it goes.
  void add(const app::SyncId& id, SyncListener& listener);
  // With `finishes`, it is sent what it lacks to go on in another encoding.
  void remove(const app::SyncId& id, SyncListener& listener, bool finishes = false);

  // --- from control
  void deliver(const app::SyncId& id, ServerTime grid, const std::vector<PacketPtr>& packets);
  void revoke(const app::SyncId& id, ServerTime from);
  void refuse(const app::SyncId& id, const Error& why);
  void stop() { timer_.cancel(); }

  // What the timer does; tests call it in their own time.
  void tick(ServerTime now);

 private:
  SyncFeed* find(const app::SyncId& id);
  void tick_soon();
  void schedule();

  Events events_;
  boost::asio::steady_timer timer_;
  std::map<app::SyncId, SyncFeed> feeds_;
  // So often control has still to hear that nobody listened: what it sends until then is of before that.
  std::map<app::SyncId, unsigned> leaving_;
  bool is_ticking_ = false;
};

}  // namespace tutti::net
