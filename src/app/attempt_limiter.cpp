#include "app/attempt_limiter.h"

#include <algorithm>

namespace tutti::app {

Duration AttemptLimiter::penalty(int failures) const {
  const int beyond = failures - settings_.free;
  if (beyond < 0) return Duration{0};
  // 2^30 first waits are longer than any longest one.
  const Duration wait = settings_.first_wait * (std::int64_t{1} << std::min(beyond, 30));
  return std::min(wait, settings_.longest_wait);
}

void AttemptLimiter::forget_with_time(Entry& entry, ServerTime now) const {
  if (now <= entry.counted) return;
  const auto forgiven = (now - entry.counted) / settings_.forgiven_after;
  entry.failures = static_cast<int>(std::max<std::int64_t>(0, entry.failures - forgiven));
  entry.counted = entry.failures == 0 ? now : entry.counted + forgiven * settings_.forgiven_after;
}

Duration AttemptLimiter::wait(const std::string& key, ServerTime now) const {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return Duration{0};
  Entry entry = found->second;
  // The wait is of the failures as they were; time spent waiting must not shorten it twice.
  const ServerTime until = entry.last + penalty(entry.failures);
  return std::max(until - now, Duration{0});
}

void AttemptLimiter::charge(const std::string& key, ServerTime now) {
  const auto [found, is_new] = entries_.try_emplace(key);
  Entry& entry = found->second;
  if (is_new) {
    entry.counted = now;
    entry.place = order_.insert(order_.end(), key);
  } else {
    forget_with_time(entry, now);
    order_.splice(order_.end(), order_, entry.place);
  }
  entry.failures = std::min(entry.failures + 1, settings_.free + 16);
  entry.last = now;
  if (entries_.size() > settings_.capacity) {
    entries_.erase(order_.front());
    order_.pop_front();
  }
}

void AttemptLimiter::refund(const std::string& key, ServerTime now) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  forget_with_time(found->second, now);
  found->second.failures = std::max(0, found->second.failures - 1);
  if (found->second.failures == 0) forgive(key);
}

void AttemptLimiter::forgive(const std::string& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  order_.erase(found->second.place);
  entries_.erase(found);
}

}  // namespace tutti::app
