#include "net/personal_feed.h"

#include "base/log.h"

#include <algorithm>

namespace tutti::net {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPieceTime = 1s;
constexpr Duration kAskAgain = 1s;
// A paused player may come back for so long; one who cannot be given any track waits no longer than that.
constexpr Duration kLongestPause = 5min;
constexpr Duration kNothingToPlay = 30s;
// Of the latest pieces, for those who hear the same at nearly the same time.
constexpr std::size_t kPiecesKept = 1 << 20;

}  // namespace

PersonalFeed::PersonalFeed(WorkerPool& pool, boost::asio::any_io_executor home, Duration burst, Events events)
    : burst_(burst), events_(std::move(events)), pieces_(pool, std::move(home), kPiecesKept) {}

void PersonalFeed::add(PersonalListener listener, ServerTime now) {
  listener.heard_from_at = now;
  const Ticket ticket = listeners_.add(std::move(listener));
  starting_.push_back(ticket);
  look_after(ticket, now);
}

void PersonalFeed::flush(std::size_t slot, ServerTime now) {
  for (std::size_t place = slot; place < listeners_.places(); place += kSlots) {
    const Ticket ticket = listeners_.ticket_at(static_cast<std::uint32_t>(place));
    look_after(ticket, now);
    const auto* listener = listeners_.find(ticket);
    if (listener && !listener->is_open()) listeners_.erase(ticket);
  }
  std::erase_if(starting_, [this, now](Ticket ticket) {
    look_after(ticket, now);
    const auto* listener = listeners_.find(ticket);
    return !listener || !listener->is_open() || (listener->has_begun() && listener->next_at() > now);
  });
  if (starting_.empty()) starting_.shrink_to_fit();  // after a rush
}

void PersonalFeed::look_after(Ticket ticket, ServerTime now) {
  auto* listener = listeners_.find(ticket);
  if (!listener || !listener->is_open()) return;
  if (listener->track()) listener->heard_from_at = now;
  if (is_given_up(*listener, now)) return listener->close();
  // One that is slow is tried again in its turn: it is not hurried, and nothing is read for it before.
  if (listener->is_blocked && listener->is_writable()) listener->is_blocked = false;
  go_on(ticket, *listener, now);
}

bool PersonalFeed::is_given_up(const PersonalListener& listener, ServerTime now) {
  if (listener.is_blocked && now - listener.blocked_since > kLongestPause) return true;
  if (now - listener.heard_from_at <= kNothingToPlay) return false;
  log::info("a listener was let go: there is no track that could be played");
  return true;
}

void PersonalFeed::go_on(Ticket ticket, PersonalListener& listener, ServerTime now) {
  if (!listener.has_next() && now >= listener.ask_again_at) ask(ticket, listener);
  if (!listener.track() && listener.has_next()) begin_next(ticket, listener, now);
  if (listener.is_reading || listener.is_blocked || !listener.track()) return;
  // It has paused: it goes on where it was, not as fast as it can.
  if (now - listener.next_at() > burst_) {
    const Duration lost = listener.go_on_at(now);
    if (!listener.key().empty()) events_.skipped(listener.key(), lost);
  }
  if (listener.next_at() <= now + std::max(burst_ - kPieceTime, Duration{0})) read(ticket, listener);
}

void PersonalFeed::ask(Ticket ticket, PersonalListener& listener) {
  if (std::exchange(listener.is_asking, true)) return;
  events_.next(listener.rotation(),
               [this, ticket](app::PersonalService::Next next) { on_next(ticket, std::move(next)); });
}

void PersonalFeed::on_next(Ticket ticket, app::PersonalService::Next next) {
  auto* listener = listeners_.find(ticket);
  if (!listener || !listener->is_open()) return;
  listener->is_asking = false;
  if (!next.track) listener->ask_again_at = events_.now() + kAskAgain;
  listener->take(std::move(next));
  go_on(ticket, *listener, events_.now());
}

void PersonalFeed::begin_next(Ticket ticket, PersonalListener& listener, ServerTime now) {
  const bool is_first = !listener.has_begun();
  listener.begin_next(now);
  events_.started(listener.key(), listener.track()->id, listener.next_at(), is_first);
  ask(ticket, listener);
}

void PersonalFeed::read(Ticket ticket, PersonalListener& listener) {
  listener.is_reading = true;
  waiting_.push_back(ticket);
  read_those_who_wait();
}

void PersonalFeed::read_those_who_wait() {
  if (is_reading_on_)
    return;  // a piece that is at hand may lead to the next: in turn, not one within another
  is_reading_on_ = true;
  while (readings_ < kMostReadings && !waiting_.empty()) {
    const Ticket ticket = waiting_.front();
    waiting_.pop_front();
    const auto* listener = listeners_.find(ticket);
    if (!listener || !listener->is_open()) continue;
    const auto& track = listener->track();
    auto make = [track, offset = listener->offset()]() -> Result<std::shared_ptr<const Mp3Piece>> {
      return read_mp3_piece(*track->source.file, offset);
    };
    ++readings_;
    pieces_.get({track->serial, listener->offset()}, Mp3Piece::kMostBytes, std::move(make),
                [this, ticket](const auto& piece) { on_read(ticket, piece); });
  }
  is_reading_on_ = false;
}

void PersonalFeed::on_read(Ticket ticket, const Result<std::shared_ptr<const Mp3Piece>>& piece) {
  --readings_;
  if (auto* listener = listeners_.find(ticket)) {
    listener->is_reading = false;
    // Not there yet: it is being encoded, and the next tick looks again.
    if (piece && *piece && listener->is_open()) write(ticket, *listener, **piece);
  }
  read_those_who_wait();
}

void PersonalFeed::write(Ticket ticket, PersonalListener& listener, const Mp3Piece& piece) {
  const ServerTime now = events_.now();
  switch (listener.write(piece)) {
    case PersonalListener::State::gone:
      return listener.close();
    case PersonalListener::State::blocked:
      listener.is_blocked = true;
      listener.blocked_since = now;
      return;
    case PersonalListener::State::ready:
      break;
  }
  if (piece.is_last) listener.end_track();
  go_on(ticket, listener, now);
}

void PersonalFeed::close_all() {
  listeners_.clear();
  starting_.clear();
  waiting_.clear();
}

}  // namespace tutti::net
