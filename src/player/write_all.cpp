#include "player/write_all.h"

#include <cerrno>
#include <system_error>
#include <unistd.h>

namespace tutti::player {

std::string errno_text() { return std::generic_category().message(errno); }

Result<void> write_all(int descriptor, std::span<const std::uint8_t> bytes, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail("cannot write to " + what + ": " + errno_text());
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace tutti::player
