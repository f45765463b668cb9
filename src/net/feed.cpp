#include "net/feed.h"

#include "base/log.h"

#include <utility>

namespace tutti::net {

Feed::Feed(std::size_t buffer_size, Duration burst, Events events)
    : ring_(buffer_size), burst_(burst), events_(std::move(events)) {}

void Feed::add(std::shared_ptr<Listener> listener, ServerTime now) {
  ++listeners_;
  slots_[next_slot_].push_back(listener);
  next_slot_ = (next_slot_ + 1) % kSlots;
  const bool caught_up =
      !ring_.packets().empty() && ring_.packets().seq_after(now) < ring_.packets().end_seq();
  if (!caught_up) starting_.push_back(listener);
  // One that is lost already is found out by its slot.
  serve(listener, now);
}

void Feed::push(const std::vector<PacketPtr>& packets, ServerTime now) {
  for (const auto& packet : packets) ring_.push(packet);
  if (starting_.empty()) return;
  for (const auto& listener : starting_) {
    if (listener->socket().is_open()) serve(listener, now);
  }
  if (ring_.packets().seq_after(now) < ring_.packets().end_seq()) starting_.clear();
}

void Feed::flush(std::size_t slot, ServerTime now) { serve_slot(slots_[slot], now); }

void Feed::serve_slot(Slot& slot, ServerTime now) {
  for (std::size_t i = 0; i < slot.size();) {
    if (serve(slot[i], now)) {
      ++i;
      continue;
    }
    close(*slot[i]);
    slot[i] = std::move(slot.back());
    slot.pop_back();
    --listeners_;
  }
}

void Feed::begin(Listener& listener, ServerTime now) {
  listener.begin_at(ring_, joining_seq(now));
  if (!listener.key().empty()) events_.begun(listener.key(), listener.next_at());
}

bool Feed::serve(const std::shared_ptr<Listener>& listener, ServerTime now) {
  if (!listener->socket().is_open()) return false;
  const auto& packets = ring_.packets();
  if (!listener->has_begun() && !packets.empty()) begin(*listener, now);
  if (listener->has_fallen_out(ring_)) {
    const Duration lost = listener->skip_to(ring_, joining_seq(now));
    if (!listener->key().empty()) events_.skipped(listener->key(), lost);
    if (listener->skips() >= kMostSkips) {
      log::info("a listener was closed: too slow for the stream {} times", kMostSkips);
      return false;
    }
  }
  if (listener->is_waiting()) return true;
  switch (listener->flush(ring_, packets.seq_after(now))) {
    case Listener::State::ready:
      return true;
    case Listener::State::blocked:
      wait_until_writable(listener);
      return true;
    case Listener::State::gone:
      return false;
  }
  return false;
}

void Feed::wait_until_writable(const std::shared_ptr<Listener>& listener) {
  listener->set_waiting(true);
  // What has become due meanwhile is written at the listener's next tick: one that is slow is not hurried.
  listener->socket().async_wait(boost::asio::ip::tcp::socket::wait_write,
                                [listener](const boost::system::error_code& error) {
                                  if (!error) listener->set_waiting(false);
                                });
}

void Feed::close(Listener& listener) {
  boost::system::error_code ignored;
  listener.socket().close(ignored);
}

void Feed::close_all() {
  for (auto& slot : slots_) {
    for (const auto& listener : slot) close(*listener);
    slot.clear();
  }
  starting_.clear();
  listeners_ = 0;
}

}  // namespace tutti::net
