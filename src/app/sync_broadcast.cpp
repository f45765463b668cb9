#include "app/sync_broadcast.h"

#include <algorithm>
#include <utility>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

// The first order is short, so that the first player waits little; the next ones catch up with several times
// the speed of the air, and leave the pool to others in between.
constexpr Duration kFirstOrder = 1s;
constexpr Duration kOrder = 2s;
// Less than this is not worth an order.
constexpr Duration kLeastOrder = 500ms;
// Where production has fallen behind the air, the past is passed over, and it goes on so far ahead.
constexpr Duration kResume = 300ms;
constexpr Duration kKept = 1s;

bool is_same(const Segment& a, const Segment& b) {
  return a.track == b.track && a.first == b.first && a.path == b.path;
}

}  // namespace

SyncBroadcast::SyncBroadcast(ProducerFactory& producers, Programmed& programme, const Encoding& encoding,
                             ServerTime first, Events events, Duration ahead)
    : producers_(producers),
      programme_(programme),
      encoding_(encoding),
      events_(std::move(events)),
      most_ahead_(ahead),
      clock_(programme.clock()),
      ring_(2 * kMostBytes) {
  start(first);
}

std::size_t SyncBroadcast::bytes_ahead(const Encoding& encoding) {
  const auto seconds = static_cast<std::size_t>(kMostAhead / Duration{1s});
  return std::min(kMostBytes, bytes_per_second(encoding) * seconds);
}

Duration SyncBroadcast::ahead() const {
  const auto fitting = Duration{1s} * static_cast<std::int64_t>(kMostBytes / bytes_per_second(encoding_));
  return std::min(most_ahead_, fitting);
}

void SyncBroadcast::start(ServerTime first) {
  Producer::Events events;
  events.packets = [this](auto packets) {
    for (const auto& packet : packets) ring_.push(packet);
    events_.packets(packets);
  };
  events.failed = [this](const Segment& segment, const Error& why) {
    programme_.on_failed(segment, why, now_);
  };
  events.idle = [this] { is_busy_ = false; };
  producer_ = producers_.start(encoding_, clock_, first, std::move(events));
  is_busy_ = false;
  ordered_until_ = clock_.frame_at(first);
  ordered_.reset();
}

void SyncBroadcast::tick(ServerTime now) {
  now_ = now;
  ring_.drop_before(now - kKept);
  const Frames here = clock_.frame_at(now);
  if (here > ordered_until_ && !is_busy_) {
    ring_.take_back(now);
    const ServerTime from = now + kResume;
    start(from);
    events_.revoked(from);
  }
  auto segments = programme_.segments(here, now);
  if (const Frames changed = first_change(segments, here); changed < ordered_until_) revoke(changed);
  produce(std::move(segments), now);
}

Frames SyncBroadcast::first_change(const std::vector<Segment>& segments, Frames from) const {
  if (!ordered_) return ordered_until_;
  const auto is_over = [from](const Segment& segment) { return segment.end() <= from; };
  auto before = std::find_if_not(ordered_->begin(), ordered_->end(), is_over);
  auto now = std::find_if_not(segments.begin(), segments.end(), is_over);
  for (; before != ordered_->end() && now != segments.end(); ++before, ++now) {
    if (!is_same(*before, *now)) return std::max(from, std::min(before->first, now->first));
    if (before->end() != now->end()) return std::min(before->end(), now->end());
  }
  // What is committed grows at its end: that changes what was ordered only where silence was.
  if (now != segments.end()) return std::max(from, now->first);
  return before != ordered_->end() ? std::max(from, before->first) : ordered_until_;
}

// What was made of `changed` and of all after it is made again.
void SyncBroadcast::revoke(Frames changed) {
  const ServerTime at = clock_.time_of(changed);
  ring_.take_back(at);
  const ServerTime from =
      ring_.empty() ? at : (*std::prev(ring_.end()))->at + (*std::prev(ring_.end()))->duration;
  start(from);
  events_.revoked(from);
}

void SyncBroadcast::produce(std::vector<Segment> segments, ServerTime now) {
  if (is_busy_) return;
  const Duration order = !ordered_ ? kFirstOrder : kOrder;
  const Frames wanted = clock_.frame_at(now + ahead());
  const Frames until = std::min(wanted, ordered_until_ + frames_in(order, clock_.rate));
  if (until - ordered_until_ < frames_in(kLeastOrder, clock_.rate)) return;
  is_busy_ = true;
  ordered_until_ = until;
  ordered_ = segments;
  producer_->produce(std::move(segments), until);
}

}  // namespace tutti::app
