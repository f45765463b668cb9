// Goes on where a lost connection broke off, with a server that always sends from the start: what has arrived
// before is recognised and left out.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <span>

namespace tutti::protocol {

class Continuation {
 public:
  // The server begins again.
  void restart() {
    position_ = 0;
    again_ = kBasis;
  }
  // The part of `bytes` that is new. Error: what came again is not what came before.
  Result<std::span<const std::uint8_t>> take(std::span<const std::uint8_t> bytes);
  // The server is done. Error: it has less than it had before.
  Result<void> end() const;

  // Bytes that have arrived, each counted once.
  std::int64_t total() const { return total_; }

 private:
  static constexpr std::uint64_t kBasis = 0xcbf29ce484222325;  // FNV-1a, 64 bits
  static std::uint64_t hashed(std::uint64_t hash, std::span<const std::uint8_t> bytes);

  std::int64_t total_ = 0;
  std::int64_t position_ = 0;  // in what the server sends now
  std::uint64_t all_ = kBasis;
  std::uint64_t again_ = kBasis;  // of the first `position_` bytes, while fewer than `total_`
};

}  // namespace tutti::protocol
