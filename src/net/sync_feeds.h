// All feeds of players in sync on one I/O thread. Asks control for what nobody on this thread hears yet, and
// lets go of what nobody hears any more.
#pragma once

#include "app/sync_audience.h"
#include "net/control.h"
#include "net/sync_feed.h"

#include <functional>
#include <map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tutti::net {

class SyncFeeds {
 public:
  SyncFeeds(boost::asio::io_context& context, std::size_t io_thread, Control& control)
      : control_(control), io_thread_(io_thread), timer_(context) {}

  // The owner removes it before it goes.
  void add(const app::SyncId& id, SyncListener& listener);
  // With `finishes`, it is sent what it lacks to go on in another encoding.
  void remove(const app::SyncId& id, SyncListener& listener, bool finishes = false);

  // --- from control
  void deliver(const app::SyncId& id, ServerTime grid, const std::vector<PacketPtr>& packets);
  void revoke(const app::SyncId& id, ServerTime from);
  void refuse(const app::SyncId& id, const Error& why);
  void stop() { timer_.cancel(); }

 private:
  void tick_soon();
  void schedule();

  Control& control_;
  std::size_t io_thread_;
  boost::asio::steady_timer timer_;
  std::map<app::SyncId, SyncFeed> feeds_;
  bool is_ticking_ = false;
};

}  // namespace tutti::net
