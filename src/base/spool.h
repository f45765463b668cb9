// Bytes that arrive faster than they are used: an unnamed temporary file that one thread writes at its end
// while another reads it, waiting for what has not arrived yet. So memory stays small, and a network
// connection is always read, whatever the pace of what comes after it.
#pragma once

#include "base/result.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

namespace tutti {

class Spool {
 public:
  static constexpr std::int64_t kLimit = std::int64_t{16} << 30;

  // In $TMPDIR, else in /var/tmp. `limit`: of bytes held at one time. Error: no file can be made there.
  static Result<std::shared_ptr<Spool>> open(std::int64_t limit = kLimit);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // The writing thread. Error: the disk is full, or the limit reached; nothing of `bytes` was taken then.
  Result<void> append(std::span<const std::uint8_t> bytes);
  // Nothing more follows.
  void finish();
  // Any thread: who waits is woken, and whoever reads finds the end.
  void cancel();

  std::int64_t size() const;  // bytes that have arrived
  bool is_finished() const;   // and no more will, or nobody may read them any more

  // Reading, from any thread. Bytes from `offset` on: read_at waits until `out` is full, read_some until
  // there is at least one or so long; fewer (or none) otherwise mean the end, or for read_some that time was
  // up.
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> out) const;
  std::size_t read_some(std::int64_t offset, std::span<std::uint8_t> out,
                        std::chrono::milliseconds wait) const;
  // What lies before `offset` will not be read again: the disk gets it back.
  void forget_before(std::int64_t offset);

 private:
  Spool(int descriptor, std::int64_t limit) : descriptor_(descriptor), limit_(limit) {}
  std::size_t available(std::int64_t offset, std::size_t wanted) const;
  std::size_t read_now(std::int64_t offset, std::span<std::uint8_t> out) const;

  const int descriptor_;
  const std::int64_t limit_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::int64_t size_ = 0;
  std::int64_t forgotten_ = 0;
  bool finished_ = false;
  bool cancelled_ = false;
};

}  // namespace tutti
