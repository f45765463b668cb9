#include "base/spool.h"

#include "base/errno_text.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace tutti {
namespace {

constexpr std::int64_t kHole = 1 << 20;  // what is given back at a time

// A file without a name, or one whose name is gone at once where the file system knows no such thing.
int open_nameless(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0) return descriptor;
  std::string name = folder + "/tutti-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

Result<std::shared_ptr<Spool>> Spool::open(std::int64_t limit) {
  const char* chosen = std::getenv("TMPDIR");
  const std::string folder = chosen && *chosen ? chosen : "/var/tmp";
  const int descriptor = open_nameless(folder);
  if (descriptor < 0) {
    return fail("cannot make a temporary file in " + folder + ": " + errno_text() +
                "; set TMPDIR to a folder that can be written");
  }
  return std::shared_ptr<Spool>(new Spool(descriptor, limit));
}

Spool::~Spool() { ::close(descriptor_); }

Result<void> Spool::append(std::span<const std::uint8_t> bytes) {
  std::int64_t at = 0;
  {
    const std::lock_guard lock(mutex_);
    at = size_;
    if (size_ - forgotten_ + static_cast<std::int64_t>(bytes.size()) > limit_) {
      return fail("more has arrived than is kept: " + std::to_string(limit_ >> 20) + " MiB");
    }
  }
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n =
        ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done, at + static_cast<std::int64_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail("what arrives cannot be kept in the temporary folder: " + errno_text());
    done += static_cast<std::size_t>(n);
  }
  {
    const std::lock_guard lock(mutex_);
    size_ += static_cast<std::int64_t>(bytes.size());
  }
  changed_.notify_all();
  return {};
}

void Spool::finish() {
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
  }
  changed_.notify_all();
}

void Spool::cancel() {
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
  }
  changed_.notify_all();
}

std::int64_t Spool::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

bool Spool::is_finished() const {
  const std::lock_guard lock(mutex_);
  return finished_ || cancelled_;
}

// Under the lock: of `wanted` bytes from `offset` on, those that may be read now.
std::size_t Spool::available(std::int64_t offset, std::size_t wanted) const {
  if (cancelled_ || offset < 0 || offset >= size_) return 0;
  return static_cast<std::size_t>(std::min(size_ - offset, static_cast<std::int64_t>(wanted)));
}

std::size_t Spool::read_at(std::int64_t offset, std::span<std::uint8_t> out) const {
  std::size_t count = 0;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      count = available(offset, out.size());
      return count == out.size() || finished_ || cancelled_;
    });
  }
  return read_now(offset, out.first(count));
}

std::size_t Spool::read_some(std::int64_t offset, std::span<std::uint8_t> out,
                             std::chrono::milliseconds wait) const {
  std::size_t count = 0;
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, wait, [&] {
      count = available(offset, out.size());
      return count > 0 || finished_ || cancelled_;
    });
  }
  return read_now(offset, out.first(count));
}

// What has arrived never changes, so that reading needs no lock.
std::size_t Spool::read_now(std::int64_t offset, std::span<std::uint8_t> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n =
        ::pread(descriptor_, out.data() + done, out.size() - done, offset + static_cast<std::int64_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

void Spool::forget_before(std::int64_t offset) {
  std::int64_t begin = 0;
  std::int64_t length = 0;
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t end = std::min(offset, size_) / kHole * kHole;
    if (end <= forgotten_) return;
    begin = forgotten_;
    length = end - begin;
    forgotten_ = end;
  }
  // A file system that cannot do this keeps the bytes until the file goes.
  static_cast<void>(::fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, begin, length));
}

}  // namespace tutti
