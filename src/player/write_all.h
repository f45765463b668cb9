// Writing to a descriptor until all of it is written.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <span>
#include <string>

namespace tutti::player {

// The text of errno.
std::string errno_text();

// Error: names `what`, and why not all of `bytes` could be written to it.
Result<void> write_all(int descriptor, std::span<const std::uint8_t> bytes, const std::string& what);

}  // namespace tutti::player
