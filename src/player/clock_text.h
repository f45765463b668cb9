// Positions for people.
#pragma once

#include <cstdint>
#include <string>

namespace tutti::player {

// "1:05", "1:01:05".
std::string clock_text(std::int64_t seconds);

}  // namespace tutti::player
