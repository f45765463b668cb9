#include "net/feed.h"

#include "base/log.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace tutti::net {
namespace {

void prefetch(const Listener& listener) {
  constexpr std::size_t kCacheLine = 64;
  const auto* bytes = reinterpret_cast<const std::byte*>(&listener);
  for (std::size_t i = 0; i < sizeof listener; i += kCacheLine) __builtin_prefetch(bytes + i);
}

}  // namespace

Feed::Feed(std::size_t buffer_size, Duration burst, Events events, std::size_t first_slot)
    : ring_(buffer_size), burst_(burst), events_(std::move(events)), filling_(first_slot % kSlots) {}

void Feed::add(Listener listener, ServerTime now) {
  ++listeners_;
  serve(listener, due(now), now);
  if (is_ahead(now)) {
    settle(std::move(listener));
  } else {
    starting_.push_back(std::move(listener));
  }
}

void Feed::settle(Listener listener) {
  if (slots_[filling_].size() >= kFullSlot) {
    const auto emptiest = std::ranges::min_element(slots_, {}, &Slot::size);
    filling_ = static_cast<std::size_t>(emptiest - slots_.begin());
  }
  slots_[filling_].push_back(std::move(listener));
}

void Feed::push(const std::vector<PacketPtr>& packets, ServerTime now) {
  for (const auto& packet : packets) ring_.push(packet);
  if (starting_.empty()) return;
  for (auto& listener : starting_) serve(listener, due(now), now);
  if (!is_ahead(now)) return;
  for (auto& listener : starting_) settle(std::move(listener));
  starting_ = Slot();
}

void Feed::flush(std::size_t slot_index, ServerTime now) {
  // The next two listeners are fetched while the kernel works for this one: what it does drops them from the
  // cache.
  constexpr std::size_t kAhead = 2;
  Slot& slot = slots_[slot_index];
  const std::uint64_t until = due(now);
  for (std::size_t i = 0; i < slot.size();) {
    if (i + kAhead < slot.size()) prefetch(slot[i + kAhead]);
    serve(slot[i], until, now);
    if (slot[i].is_open()) {
      ++i;
      continue;
    }
    if (i + 1 < slot.size()) slot[i] = std::move(slot.back());
    slot.pop_back();
    --listeners_;
  }
}

void Feed::begin(Listener& listener, ServerTime now) {
  listener.begin_at(ring_, joining_seq(now));
  if (!listener.key().empty()) events_.begun(listener.key(), listener.next_at());
}

void Feed::skip(Listener& listener, ServerTime now) {
  const Duration lost = listener.skip_to(ring_, joining_seq(now));
  if (!listener.key().empty()) events_.skipped(listener.key(), lost);
  if (listener.skips() < kMostSkips) return;
  log::info("a listener was closed: too slow for the stream {} times", kMostSkips);
  listener.close();
}

// A socket that takes no more is tried again at the listener's next tick: one that is slow is not hurried,
// and costs no more than the others.
void Feed::serve(Listener& listener, std::uint64_t until, ServerTime now) {
  if (!listener.is_open()) return;
  if (!listener.has_begun() && !ring_.packets().empty()) begin(listener, now);
  if (listener.has_fallen_out(ring_)) skip(listener, now);
  if (listener.is_open()) listener.flush(ring_, until);
}

void Feed::close_all() {
  for (auto& slot : slots_) slot = Slot();
  starting_ = Slot();
  listeners_ = 0;
}

}  // namespace tutti::net
