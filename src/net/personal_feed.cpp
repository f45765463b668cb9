#include "net/personal_feed.h"

#include "base/log.h"

#include <algorithm>

namespace tutti::net {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPiece = 1s;
constexpr Duration kAskAgain = 1s;
// A paused player may come back for so long; one who cannot be given any track waits no longer than that.
constexpr Duration kPause = 5min;
constexpr Duration kNothingToPlay = 30s;
// Of the latest pieces, for those who hear the same at nearly the same time.
constexpr std::size_t kKept = 4 << 20;

}  // namespace

PersonalFeed::PersonalFeed(WorkerPool& pool, boost::asio::any_io_executor home, Duration burst, Events events)
    : burst_(burst), events_(std::move(events)), pieces_(pool, std::move(home), kKept) {}

void PersonalFeed::add(Ptr listener, ServerTime now) {
  ++listeners_;
  listener->heard_from_at = now;
  slots_[next_slot_].push_back(listener);
  next_slot_ = (next_slot_ + 1) % kSlots;
  starting_.push_back(listener);
  look_after(listener, now);
}

void PersonalFeed::flush(std::size_t slot, ServerTime now) {
  auto& due = slots_[slot];
  for (std::size_t i = 0; i < due.size();) {
    if (look_after(due[i], now)) {
      ++i;
      continue;
    }
    close(*due[i]);
    due[i] = std::move(due.back());
    due.pop_back();
    --listeners_;
  }
  std::erase_if(starting_, [this, now](const Ptr& listener) {
    if (!listener->socket().is_open()) return true;
    look_after(listener, now);
    return listener->next_at() > now && listener->has_begun();
  });
}

bool PersonalFeed::look_after(const Ptr& listener, ServerTime now) {
  if (!listener->socket().is_open()) return false;
  if (listener->blocked_since && now - *listener->blocked_since > kPause) return false;
  if (listener->track()) {
    listener->heard_from_at = now;
  } else if (now - listener->heard_from_at > kNothingToPlay) {
    log::info("a listener was let go: there is no track that could be played");
    return false;
  }
  go_on(listener, now);
  return listener->socket().is_open();
}

void PersonalFeed::go_on(const Ptr& listener, ServerTime now) {
  if (!listener->has_next() && now >= listener->ask_again_at) ask(listener);
  if (!listener->track() && listener->has_next()) begin_next(listener, now);
  if (listener->is_reading || listener->blocked_since || !listener->track()) return;
  // It has paused: it goes on where it was, not as fast as it can.
  if (now - listener->next_at() > burst_) {
    const Duration lost = listener->go_on_at(now);
    if (!listener->key().empty()) events_.skipped(listener->key(), lost);
  }
  if (listener->next_at() <= now + std::max(burst_ - kPiece, Duration{0})) read(listener);
}

void PersonalFeed::ask(const Ptr& listener) {
  if (std::exchange(listener->is_asking, true)) return;
  events_.next(listener->rotation(),
               [this, listener](app::PersonalService::Next next) { on_next(listener, std::move(next)); });
}

void PersonalFeed::on_next(const Ptr& listener, app::PersonalService::Next next) {
  listener->is_asking = false;
  if (!next.track) listener->ask_again_at = events_.now() + kAskAgain;
  listener->take(std::move(next));
  if (listener->socket().is_open()) go_on(listener, events_.now());
}

void PersonalFeed::begin_next(const Ptr& listener, ServerTime now) {
  const bool is_first = !listener->has_begun();
  listener->begin_next(now);
  events_.started(listener->key(), listener->track()->id, listener->next_at(), is_first);
  ask(listener);
}

void PersonalFeed::read(const Ptr& listener) {
  listener->is_reading = true;
  const auto& track = listener->track();
  auto make = [track, offset = listener->offset()]() -> Result<std::shared_ptr<const Mp3Piece>> {
    return read_mp3_piece(*track->source.file, offset);
  };
  pieces_.get({track->serial, listener->offset()}, Mp3Piece::kMostBytes, std::move(make),
              [this, listener](const Result<std::shared_ptr<const Mp3Piece>>& piece) {
                listener->is_reading = false;
                // Not there yet: it is being encoded, and the next tick looks again.
                if (piece && *piece && listener->socket().is_open()) on_piece(listener, *piece);
              });
}

void PersonalFeed::on_piece(const Ptr& listener, const std::shared_ptr<const Mp3Piece>& piece) {
  switch (listener->write(*piece)) {
    case PersonalListener::State::gone:
      return close(*listener);
    case PersonalListener::State::blocked:
      return wait_until_writable(listener);
    case PersonalListener::State::ready:
      break;
  }
  if (piece->is_last) listener->end_track();
  go_on(listener, events_.now());
}

void PersonalFeed::wait_until_writable(const Ptr& listener) {
  listener->blocked_since = events_.now();
  // What has become due meanwhile is written at the listener's next tick: one that is slow is not hurried.
  listener->socket().async_wait(boost::asio::ip::tcp::socket::wait_write,
                                [listener](const boost::system::error_code& error) {
                                  if (!error) listener->blocked_since.reset();
                                });
}

void PersonalFeed::close(PersonalListener& listener) {
  boost::system::error_code ignored;
  listener.socket().close(ignored);
}

void PersonalFeed::close_all() {
  for (auto& slot : slots_) {
    for (const auto& listener : slot) close(*listener);
    slot.clear();
  }
  starting_.clear();
  listeners_ = 0;
}

}  // namespace tutti::net
