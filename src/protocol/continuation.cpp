#include "protocol/continuation.h"

#include <algorithm>

namespace tutti::protocol {

std::uint64_t Continuation::hashed(std::uint64_t hash, std::span<const std::uint8_t> bytes) {
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

Result<std::span<const std::uint8_t>> Continuation::take(std::span<const std::uint8_t> bytes) {
  const auto known = static_cast<std::size_t>(
      std::min<std::int64_t>(total_ - position_, static_cast<std::int64_t>(bytes.size())));
  if (known > 0) {
    again_ = hashed(again_, bytes.first(known));
    position_ += static_cast<std::int64_t>(known);
    if (position_ == total_ && again_ != all_) {
      return fail("the server sends something else than before the connection was lost");
    }
  }
  const auto fresh = bytes.subspan(known);
  all_ = hashed(all_, fresh);
  total_ += static_cast<std::int64_t>(fresh.size());
  position_ += static_cast<std::int64_t>(fresh.size());
  return fresh;
}

Result<void> Continuation::end() const {
  if (position_ < total_) return fail("the server has less than before the connection was lost");
  return {};
}

}  // namespace tutti::protocol
