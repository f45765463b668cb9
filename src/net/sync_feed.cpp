#include "net/sync_feed.h"

#include "app/sync_audience.h"

#include <algorithm>
#include <utility>

namespace tutti::net {
namespace {

using namespace std::chrono_literals;

// What begins sooner would be late at most clients.
constexpr Duration kNotice = 100ms;
// One stream's chunks may begin a little before the other's end: Opus is counted from before its first
// sample.
constexpr Duration kTolerance = 10ms;
// In one write; what is left comes with the next tick.
constexpr std::size_t kMostBytes = 256u << 10, kMostFrames = 500;
// Who has all that there is, or can hold no more, gets more when a third of what it holds has been played, or
// this much.
constexpr Duration kLongestRest = 5s, kShortestRest = 100ms;
// Times are counted to the microsecond, frames are not.
constexpr Duration kRounding = 1ms;

// iovec serves reading too, so its pointer is not const; writing does not write through it.
iovec part_of(const protocol::Frame& frame) {
  return {const_cast<std::uint8_t*>(frame.bytes.data()), frame.bytes.size()};
}

}  // namespace

void SyncFeed::add(SyncListener& listener) {
  listener.has_begun = false;
  listener.due = {};
  listener.sent_until.reset();
  listeners_.push_back(&listener);
}

void SyncFeed::remove(SyncListener& listener) { std::erase(listeners_, &listener); }

std::uint64_t SyncFeed::bytes_before(std::uint64_t seq) const {
  return seq == end() ? bytes_ : at(seq).bytes_before;
}

std::uint64_t SyncFeed::beginning_at(ServerTime t) const {
  const auto found =
      std::partition_point(chunks_.begin(), chunks_.end(), [t](const Chunk& c) { return c.at < t; });
  return first_ + static_cast<std::uint64_t>(found - chunks_.begin());
}

std::uint64_t SyncFeed::not_over_by(ServerTime t) const {
  const auto found =
      std::partition_point(chunks_.begin(), chunks_.end(), [t](const Chunk& c) { return c.end <= t; });
  return first_ + static_cast<std::uint64_t>(found - chunks_.begin());
}

void SyncFeed::push(const std::vector<PacketPtr>& packets, ServerTime grid, ServerTime now) {
  grid_ = grid;
  while (!chunks_.empty() && chunks_.front().end <= now) {
    chunks_.pop_front();
    ++first_;
  }
  for (const auto& packet : packets) {
    if (packet->at + packet->duration <= now) continue;
    const auto header = protocol::sendspin::binary_header(kind_, packet->at);
    chunks_.push_back(
        {protocol::binary_frame(header, packet->bytes), packet->at, packet->at + packet->duration, bytes_});
    bytes_ += header.size() + packet->bytes.size();
  }
}

std::vector<SyncListener*> SyncFeed::revoke(ServerTime from, ServerTime now) {
  const std::uint64_t kept = beginning_at(from);
  std::vector<SyncListener*> out;
  for (SyncListener* listener : listeners_) {
    if (!listener->has_begun || listener->next <= kept) continue;
    listener->has_begun = false;
    listener->from = now;
    listener->due = now;
    listener->sent_until.reset();
    listener->carried = 0;
    out.push_back(listener);
  }
  if (kept < end()) bytes_ = at(kept).bytes_before;
  chunks_.resize(kept - first_);
  return out;
}

void SyncFeed::serve(ServerTime now) {
  // A listener whose socket ends while it is written to removes itself later, in a turn of its own.
  for (SyncListener* listener : listeners_) {
    if (listener->due <= now) serve(*listener, now);
  }
}

// Where it goes on. False: nothing is there for it yet.
bool SyncFeed::place(SyncListener& listener, ServerTime now) const {
  const std::uint64_t soonest = beginning_at(now + kNotice);
  if (!listener.has_begun) {
    listener.next = std::max(soonest, beginning_at(listener.from - kTolerance));
    listener.first = listener.next;
    listener.has_begun = listener.next < end();
  } else if (listener.next < not_over_by(now)) {
    listener.first = listener.next = soonest;  // it has taken nothing for so long that it missed some
  }
  return listener.next < end();
}

std::uint64_t SyncFeed::held(const SyncListener& listener, ServerTime now) const {
  const std::uint64_t oldest = std::max(listener.first, not_over_by(now));
  std::uint64_t out = bytes_before(listener.next) - bytes_before(std::min(listener.next, oldest));
  if (listener.carried > 0 && listener.from > now) {
    const double rest = static_cast<double>((listener.from - now).count()) /
                        static_cast<double>((listener.from - listener.carried_since).count());
    out += static_cast<std::uint64_t>(static_cast<double>(listener.carried) * std::min(rest, 1.0));
  }
  return out;
}

void SyncFeed::serve(SyncListener& listener, ServerTime now) {
  if (!listener.owner.is_ready() || !place(listener, now)) return;
  const std::uint64_t held = this->held(listener, now);
  frames_.clear();
  parts_.clear();
  std::size_t bytes = 0;
  bool is_full = false;
  std::uint64_t next = listener.next;
  while (next < end() && bytes < kMostBytes && frames_.size() < kMostFrames) {
    const Chunk& chunk = at(next);
    // Without WebSocket's headers, which a client does not keep.
    const std::uint64_t then = held + bytes_before(next + 1) - bytes_before(listener.next);
    const bool is_first = held == 0 && frames_.empty();  // else one whose buffer is tiny would hear nothing
    is_full =
        chunk.at > now + kMostAhead || (!is_first && then > static_cast<std::uint64_t>(listener.capacity));
    if (is_full) break;
    frames_.push_back(chunk.frame);
    parts_.push_back(part_of(*chunk.frame));
    bytes += chunk.frame->bytes.size();
    ++next;
  }
  const std::size_t taken = frames_.empty() ? 0 : listener.owner.offer(frames_, parts_, bytes);
  listener.next += taken;
  if (taken > 0) listener.sent_until = at(listener.next - 1).end;
  const bool has_more = taken < frames_.size() || (!is_full && listener.next < end());
  const Duration ahead = listener.sent_until ? *listener.sent_until - now : Duration{0};
  listener.due = has_more ? now : now + std::clamp<Duration>(ahead / 3, kShortestRest, kLongestRest);
}

void SyncFeed::finish(SyncListener& listener, ServerTime now) {
  listener.carried = 0;
  if (!listener.has_begun || listener.next < not_over_by(now)) return;
  const auto is_on_grid = [this](ServerTime t) {
    const Duration past = ((t - grid_) % app::kSyncGrid + app::kSyncGrid) % app::kSyncGrid;
    return past < kRounding || past > app::kSyncGrid - kRounding;
  };
  while (listener.next < end() && listener.sent_until && !is_on_grid(*listener.sent_until)) {
    const Chunk& chunk = at(listener.next++);
    listener.owner.send(chunk.frame);
    listener.sent_until = chunk.end;
  }
  listener.carried = held(listener, now);
  listener.carried_since = now;
}

}  // namespace tutti::net
