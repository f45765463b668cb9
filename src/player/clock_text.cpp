#include "player/clock_text.h"

#include <cstdio>

namespace tutti::player {

std::string clock_text(std::int64_t seconds) {
  const auto hours = static_cast<long>(seconds / 3600);
  const auto minutes = static_cast<long>(seconds / 60 % 60);
  const auto rest = static_cast<long>(seconds % 60);
  char text[64];
  if (hours > 0) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", hours, minutes, rest);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", minutes, rest);
  }
  return text;
}

}  // namespace tutti::player
