#include "net/io_thread.h"

#include "base/log.h"
#include "net/http_session.h"

#include <exception>
#include <pthread.h>
#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::net {

namespace asio = boost::asio;

namespace {

// Enough to keep the disk busy; so many pieces, of 64 KiB, a cue may find in front of it.
constexpr std::size_t kDownloadTurns = 32;

// Players in sync hear of control, and control of them, by posts.
SyncFeeds::Events sync_events(asio::io_context& context, std::size_t index, Control& control) {
  SyncFeeds::Events events;
  events.now = [&control] { return control.clock.now(); };
  events.tune_in = [&control, index](const app::SyncId& id) {
    asio::post(control.executor,
               [&control, id, index] { control.groups.tune_in(id, index, control.clock.now()); });
  };
  events.leave = [&context, &control, index](const app::SyncId& id, std::function<void()> left) {
    asio::post(control.executor, [&context, &control, id, index, left = std::move(left)]() mutable {
      control.groups.leave(id, index, control.clock.now());
      asio::post(context, std::move(left));
    });
  };
  return events;
}

}  // namespace

IoThread::IoThread(std::size_t index, const Settings& settings, Control& control, ListenerCount& listeners)
    : index_(index),
      settings_(settings),
      control_(control),
      total_listeners_(listeners),
      work_(context_.get_executor()),
      timer_(context_),
      deadline_(context_),
      download_turns_(std::make_shared<Turns>(context_, kDownloadTurns)),
      sync_feeds_(context_, sync_events(context_, index, control)),
      web_sockets_(context_, {[this] { return control_.clock.now(); },
                              [this] {
                                --total_listeners_;
                                end_if_done();
                              }}) {}

IoThread::~IoThread() { join(); }

void IoThread::start() {
  thread_ = std::thread([this] { run(); });
}

void IoThread::run() {
  pthread_setname_np(pthread_self(), ("io-" + std::to_string(index_)).c_str());
  for (;;) {
    try {
      context_.run();
      return;
    } catch (const std::exception& e) {
      log::error("io-{}: {}", index_, e.what());
    }
  }
}

void IoThread::stop(std::chrono::milliseconds grace) {
  asio::post(context_, [this, grace] {
    stopping_ = true;
    for (auto& [id, feed] : feeds_) feed.close_all();
    for (auto& [id, feed] : personal_feeds_) feed.close_all();
    for (HttpSession* session : sessions_) session->close();
    web_sockets_.stop();
    sync_feeds_.stop();
    timer_.cancel();
    deadline_.expires_after(grace);
    deadline_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      web_sockets_.abort();
      context_.stop();
    });
    work_.reset();
    end_if_done();
  });
}

void IoThread::end_if_done() {
  if (stopping_ && sessions_.empty() && web_sockets_.size() == 0) deadline_.cancel();
}

void IoThread::remove(HttpSession& session) {
  sessions_.erase(&session);
  end_if_done();
}

void IoThread::join() {
  if (thread_.joinable()) thread_.join();
}

void IoThread::drain() {
  context_.restart();
  context_.poll();
}

Feed* IoThread::find(app::BroadcastId id) {
  const auto found = feeds_.find(id);
  return found != feeds_.end() && found->second.listeners() > 0 ? &found->second : nullptr;
}

Feed& IoThread::feed(app::BroadcastId id) {
  const auto found = feeds_.find(id);
  if (found != feeds_.end()) return found->second;
  Feed::Events events;
  // A key is the client's own word for itself; only control, which answers for it, keeps it.
  events.begun = [this, id](const std::string& key, ServerTime first_sample_at) {
    asio::post(control_.executor, [&stations = control_.stations, id, key, first_sample_at] {
      stations.listeners().set(key, {stations.route_of(id), first_sample_at, Duration{0}});
    });
  };
  events.skipped = [this](const std::string& key, Duration lost) {
    asio::post(control_.executor,
               [&stations = control_.stations, key, lost] { stations.listeners().add_skipped(key, lost); });
  };
  const std::size_t first_slot = feeds_.size();
  return feeds_.try_emplace(id, settings_.buffer_size, settings_.burst, std::move(events), first_slot)
      .first->second;
}

void IoThread::listen(app::BroadcastId id, Listener listener) {
  if (stopping_) return;
  feed(id).add(std::move(listener), control_.clock.now());
  ++total_listeners_;
  tick_soon();
}

void IoThread::listen(app::BroadcastId id, PersonalListener listener) {
  if (stopping_) return;
  personal_feed(id).add(std::move(listener), control_.clock.now());
  ++total_listeners_;
  tick_soon();
}

PersonalFeed& IoThread::personal_feed(app::BroadcastId id) {
  const auto found = personal_feeds_.find(id);
  if (found != personal_feeds_.end()) return found->second;
  PersonalFeed::Events events;
  events.now = [this] { return control_.clock.now(); };
  events.next = [this, id](const Rotation::State& rotation, PersonalFeed::Answer answer) {
    asio::post(control_.executor, [this, &control = control_, id, rotation, answer = std::move(answer)] {
      control.personal.next(
          id, rotation, control.clock.now(), [this, answer](app::PersonalService::Next next) {
            asio::post(context_, [answer, next = std::move(next)]() mutable { answer(std::move(next)); });
          });
    });
  };
  events.started = [this, id](const std::string& key, TrackId track, ServerTime heard_at, bool is_first) {
    asio::post(control_.executor, [&stations = control_.stations, id, key, track, heard_at, is_first] {
      if (is_first && !key.empty()) stations.listeners().set(key, {stations.route_of(id), heard_at, {}, {}});
      stations.note_started(id, track, heard_at, key);
    });
  };
  events.skipped = [this](const std::string& key, Duration lost) {
    asio::post(control_.executor,
               [&stations = control_.stations, key, lost] { stations.listeners().add_skipped(key, lost); });
  };
  return personal_feeds_
      .try_emplace(id, control_.file_pool, context_.get_executor(), settings_.burst, std::move(events))
      .first->second;
}

void IoThread::tick_soon() {
  if (std::exchange(ticking_, true)) return;
  timer_.expires_after(settings_.flush_interval / Feed::kSlots);
  schedule_tick();
}

void IoThread::open_web_socket(Connection connection, std::string_view head, std::string_view already_read,
                               const WebSocketLimits& limits, const WebSockets::MakeHandler& make) {
  web_sockets_.open(std::move(connection), head, already_read, limits, make);
  ++total_listeners_;  // nothing ends within open()
}

void IoThread::drop_if_unused(app::BroadcastId id) {
  const auto found = feeds_.find(id);
  if (found == feeds_.end() || !found->second.is_unused()) return;
  feeds_.erase(found);
  reported_.erase(id);
  asio::post(control_.executor, [&control = control_, id, index = index_] {
    control.stations.leave(id, index, control.clock.now());
  });
}

void IoThread::deliver(app::BroadcastId id, const std::vector<PacketPtr>& packets) {
  const auto found = feeds_.find(id);
  if (found != feeds_.end()) found->second.push(packets, control_.clock.now());
}

void IoThread::schedule_tick() {
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

void IoThread::tick() {
  const ServerTime now = control_.clock.now();
  slot_ = (slot_ + 1) % Feed::kSlots;
  std::vector<app::BroadcastId> unused;
  for (auto& [id, feed] : feeds_) {
    const std::size_t before = feed.listeners();
    feed.flush(slot_, now);
    total_listeners_ -= before - feed.listeners();
    if (feed.is_unused()) unused.push_back(id);
  }
  for (const auto id : unused) drop_if_unused(id);
  std::size_t personal = 0;
  for (auto& [id, feed] : personal_feeds_) {
    const std::size_t before = feed.listeners();
    feed.flush(slot_, now);
    total_listeners_ -= before - feed.listeners();
    personal += feed.listeners();
    report_count(id, feed.listeners());
  }
  for (const auto& [id, feed] : feeds_) report_count(id, feed.listeners());
  if ((feeds_.empty() && personal == 0) || stopping_) {
    ticking_ = false;
    return;
  }
  // From the last expiry, not from now: the pace does not depend on how long a tick takes. After a long halt
  // of the machine the missed ticks are passed over.
  const auto next = timer_.expiry() + std::chrono::microseconds(settings_.flush_interval / Feed::kSlots);
  timer_.expires_at(std::max(next, std::chrono::steady_clock::now() - std::chrono::seconds(1)));
  schedule_tick();
}

void IoThread::report_count(app::BroadcastId id, std::size_t listeners) {
  if (std::exchange(reported_[id], listeners) == listeners) return;
  asio::post(control_.executor, [&stations = control_.stations, id, index = index_, listeners] {
    stations.count_listeners(id, index, listeners);
  });
}

IoThreads::IoThreads(const Settings& settings, Control& control) {
  for (std::size_t i = 0; i < settings.io_threads; ++i) {
    threads_.push_back(std::make_unique<IoThread>(i, settings, control, listeners_));
  }
}

void IoThreads::start() {
  for (auto& thread : threads_) thread->start();
}

void IoThreads::stop(std::chrono::milliseconds grace) {
  for (auto& thread : threads_) thread->stop(grace);
}

void IoThreads::join() {
  for (auto& thread : threads_) thread->join();
}

void IoThreads::drain() {
  for (auto& thread : threads_) thread->drain();
}

void IoThreads::deliver(std::size_t io_thread, app::BroadcastId broadcast, std::vector<PacketPtr> packets) {
  IoThread& thread = *threads_[io_thread];
  asio::post(thread.context(),
             [&thread, broadcast, packets = std::move(packets)] { thread.deliver(broadcast, packets); });
}

void IoThreads::deliver(std::size_t io_thread, const app::SyncId& id, ServerTime grid,
                        std::vector<PacketPtr> packets) {
  IoThread& thread = *threads_[io_thread];
  asio::post(thread.context(), [&thread, id, grid, packets = std::move(packets)] {
    thread.sync_feeds().deliver(id, grid, packets);
  });
}

void IoThreads::revoke(std::size_t io_thread, const app::SyncId& id, ServerTime from) {
  IoThread& thread = *threads_[io_thread];
  asio::post(thread.context(), [&thread, id, from] { thread.sync_feeds().revoke(id, from); });
}

void IoThreads::refuse(std::size_t io_thread, const app::SyncId& id, Error why) {
  IoThread& thread = *threads_[io_thread];
  asio::post(thread.context(), [&thread, id, why = std::move(why)] { thread.sync_feeds().refuse(id, why); });
}

}  // namespace tutti::net
