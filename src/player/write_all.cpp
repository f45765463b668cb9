#include "player/write_all.h"

#include "base/errno_text.h"

#include <cerrno>
#include <unistd.h>

namespace tutti::player {

Result<void> write_all(int descriptor, std::span<const std::uint8_t> bytes, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail("cannot write to " + what + ": " + errno_text());
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

void write_text(int descriptor, std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  static_cast<void>(write_all(descriptor, {bytes, text.size()}, "the terminal"));
}

}  // namespace tutti::player
