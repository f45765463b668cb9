// A bounded ring between one writing and one reading thread, without locks: what an audio callback reads
// from. Neither side ever waits, allocates or calls the system.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace tutti {

template <class T>
class SpscRing {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // Room for `capacity` items, at least one.
  explicit SpscRing(std::size_t capacity) : slots_(std::max<std::size_t>(1, capacity)) {}
  SpscRing(const SpscRing&) = delete;
  SpscRing& operator=(const SpscRing&) = delete;

  std::size_t capacity() const { return slots_.size(); }

  // Writing thread only. Takes the first of `items` that there is room for; returns how many.
  std::size_t write(std::span<const T> items) {
    const std::size_t end = written_.load(std::memory_order_relaxed);
    const std::size_t room = slots_.size() - (end - taken_.load(std::memory_order_acquire));
    const std::size_t count = std::min(items.size(), room);
    const std::size_t at = end % slots_.size();
    const std::size_t before_wrap = std::min(count, slots_.size() - at);
    std::copy_n(items.data(), before_wrap, slots_.data() + at);
    std::copy_n(items.data() + before_wrap, count - before_wrap, slots_.data());
    written_.store(end + count, std::memory_order_release);
    return count;
  }

  // Reading thread only. Fills the beginning of `out` with what is there; returns how many items.
  std::size_t read(std::span<T> out) {
    const std::size_t begin = taken_.load(std::memory_order_relaxed);
    const std::size_t there = written_.load(std::memory_order_acquire) - begin;
    const std::size_t count = std::min(out.size(), there);
    const std::size_t at = begin % slots_.size();
    const std::size_t before_wrap = std::min(count, slots_.size() - at);
    std::copy_n(slots_.data() + at, before_wrap, out.data());
    std::copy_n(slots_.data(), count - before_wrap, out.data() + before_wrap);
    taken_.store(begin + count, std::memory_order_release);
    return count;
  }

  // Reading thread only. Takes the next `count` of the items that are there unread; returns how many.
  std::size_t drop(std::size_t count) {
    const std::size_t begin = taken_.load(std::memory_order_relaxed);
    const std::size_t dropped = std::min(count, written_.load(std::memory_order_acquire) - begin);
    taken_.store(begin + dropped, std::memory_order_release);
    return dropped;
  }

  // Any thread: how many items were in it a moment ago.
  std::size_t size() const {
    const std::size_t begin = taken_.load(std::memory_order_acquire);
    return std::min(written_.load(std::memory_order_acquire) - begin, slots_.size());
  }

 private:
  static constexpr std::size_t kCacheLine = 64;  // apart, so that the threads do not slow each other

  std::vector<T> slots_;
  // Counts since the beginning; they differ by what is in the ring. 2^64 items never pass.
  alignas(kCacheLine) std::atomic<std::size_t> written_{0};
  alignas(kCacheLine) std::atomic<std::size_t> taken_{0};
};

}  // namespace tutti
