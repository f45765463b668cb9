// Writing to a descriptor until all of it is written.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tutti::player {

// Error: names `what`, and why not all of `bytes` could be written to it.
Result<void> write_all(int descriptor, std::span<const std::uint8_t> bytes, const std::string& what);

// For people at a terminal: no error, for there is nowhere left to tell it.
void write_text(int descriptor, std::string_view text);

}  // namespace tutti::player
