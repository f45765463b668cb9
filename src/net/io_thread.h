// One I/O thread: an io_context, the feeds of the broadcasts that its listeners hear, and its HTTP sessions.
// Everything here happens on its own thread; others post.
#pragma once

#include "net/control.h"
#include "net/feed.h"
#include "net/personal_feed.h"
#include "net/settings.h"
#include "net/sync_feeds.h"
#include "net/turns.h"
#include "net/web_sockets.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tutti::net {

class HttpSession;

// Listeners and WebSockets of all I/O threads together.
using ListenerCount = std::atomic<std::size_t>;

class IoThread {
 public:
  IoThread(std::size_t index, const Settings& settings, Control& control, ListenerCount& listeners);
  ~IoThread();

  void start();
  // Closes every connection; the thread ends when the last session has, at the latest after `grace`.
  void stop(std::chrono::milliseconds grace);
  void join();
  // After join(): carries out what other threads have posted since, so that no session is left half-way.
  void drain();

  boost::asio::io_context& context() { return context_; }
  std::size_t index() const { return index_; }
  const Settings& settings() const { return settings_; }
  Control& control() { return control_; }

  // Sessions register so that a stop reaches them.
  void add(HttpSession& session) { sessions_.insert(&session); }
  void remove(HttpSession& session);
  // No room for another connection that may only sit there: the open files are for listeners.
  bool is_crowded() const {
    return sessions_.size() >= std::max<std::size_t>(1, settings_.max_sessions / settings_.io_threads);
  }

  // No room for another that stays.
  bool is_full() const { return total_listeners_ >= settings_.max_listeners; }
  // nullptr where nobody on this thread listens to it yet; then ask control, between expect() and expected().
  Feed* find(app::BroadcastId id);
  Feed& feed(app::BroadcastId id);
  void listen(app::BroadcastId id, Listener listener);
  void open_web_socket(Connection connection, std::string_view head, std::string_view already_read,
                       const WebSocketLimits& limits, const WebSockets::MakeHandler& make);
  // To an individual station.
  void listen(app::BroadcastId id, PersonalListener listener);
  // Of players in sync.
  SyncFeeds& sync_feeds() { return sync_feeds_; }
  // To have a piece of a file read for a download: what comes back waits in this thread's queue, and a cue
  // behind it.
  TurnsPtr download_turns() { return download_turns_; }
  // For a programme of its own.
  std::uint64_t draw_seed() { return random_(); }
  void drop_if_unused(app::BroadcastId id);
  void deliver(app::BroadcastId id, const std::vector<PacketPtr>& packets);

 private:
  void run();
  void schedule_tick();
  void tick();
  void report_count(app::BroadcastId id, std::size_t listeners);
  void tick_soon();
  PersonalFeed& personal_feed(app::BroadcastId id);
  void end_if_done();

  std::size_t index_;
  const Settings& settings_;
  Control& control_;
  ListenerCount& total_listeners_;

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer deadline_;
  std::map<app::BroadcastId, Feed> feeds_;
  std::map<app::BroadcastId, PersonalFeed>
      personal_feeds_;  // of individual stations, once somebody has listened
  std::map<app::BroadcastId, std::size_t> reported_;
  std::set<HttpSession*> sessions_;
  std::mt19937_64 random_{(std::uint64_t{std::random_device{}()} << 32) ^ std::random_device{}()};
  std::size_t slot_ = 0;
  bool ticking_ = false;
  bool stopping_ = false;
  std::thread thread_;
  TurnsPtr download_turns_;
  SyncFeeds sync_feeds_;
  WebSockets web_sockets_;  // whose handlers are in the feeds
};

// All of them; the control thread delivers packets through this.
class IoThreads : public app::Audience, public app::SyncAudience {
 public:
  IoThreads(const Settings& settings, Control& control);

  void start();
  void stop(std::chrono::milliseconds grace);
  void join();
  void drain();
  std::size_t size() const { return threads_.size(); }
  IoThread& operator[](std::size_t index) { return *threads_[index]; }

  void deliver(std::size_t io_thread, app::BroadcastId broadcast, std::vector<PacketPtr> packets) override;
  void deliver(std::size_t io_thread, const app::SyncId& id, ServerTime grid,
               std::vector<PacketPtr> packets) override;
  void revoke(std::size_t io_thread, const app::SyncId& id, ServerTime from) override;
  void refuse(std::size_t io_thread, const app::SyncId& id, Error why) override;

 private:
  ListenerCount listeners_{0};
  std::vector<std::unique_ptr<IoThread>> threads_;
};

}  // namespace tutti::net
