// Words and numbers on one line of a terminal.
#pragma once

#include "base/utf8.h"

#include <cstdio>
#include <string>

namespace tutti::player {

// printf's; cut to what the longest of its uses needs.
template <class... Args>
std::string formatted(const char* format, Args... args) {
  char text[64];
  std::snprintf(text, sizeof text, format, args...);
  return text;
}

// What others have named, so that it leaves room for the rest of the line. Valid UTF-8.
inline std::string shortened(const std::string& text) {
  constexpr std::size_t kLongest = 40;
  return to_valid_utf8(text.substr(0, kLongest));
}

}  // namespace tutti::player
