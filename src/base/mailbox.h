// One value on its way from one thread to another. A newer one takes the place of one that was not fetched.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace tutti {

template <class T>
class Mailbox {
 public:
  void post(T value) {
    {
      const std::lock_guard lock(mutex_);
      value_ = std::move(value);
    }
    changed_.notify_one();
  }
  // No more will come.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }
  // Waits for the next value; nullopt where none is left and none will come.
  std::optional<T> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return value_ || closed_; });
    return std::exchange(value_, std::nullopt);
  }
  // The next value if it is there; does not wait.
  std::optional<T> try_take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(value_, std::nullopt);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<T> value_;
  bool closed_ = false;
};

}  // namespace tutti
