// The newest value of one writing thread for one reading thread, without locks: what an audio callback is
// told and tells. Neither side ever waits, allocates or calls the system.
#pragma once

#include <array>
#include <atomic>
#include <type_traits>

namespace tutti {

// Three slots: one that is written, one that is read, and one between them that changes hands.
template <class T>
class Latest {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // Writing thread only.
  void publish(const T& value) {
    slots_[writing_] = value;
    writing_ = between_.exchange(writing_ | kFresh, std::memory_order_acq_rel) & kSlot;
  }

  // Reading thread only: what was published last; T{} before the first. Valid until the next call.
  const T& read() {
    if (between_.load(std::memory_order_relaxed) & kFresh) {
      reading_ = between_.exchange(reading_, std::memory_order_acq_rel) & kSlot;
    }
    return slots_[reading_];
  }

 private:
  static constexpr unsigned kSlot = 3, kFresh = 4;

  std::array<T, 3> slots_{};
  unsigned writing_ = 0;
  std::atomic<unsigned> between_{1};
  unsigned reading_ = 2;
};

}  // namespace tutti
