#include "player/progress.h"

#include "base/utf8.h"
#include "player/clock_text.h"

#include <algorithm>
#include <cstdio>

namespace tutti::player {
namespace {

template <class... Args>
std::string formatted(const char* format, Args... args) {
  char text[64];
  std::snprintf(text, sizeof text, format, args...);
  return text;
}

}  // namespace

std::string progress_line(const std::string& output, const PcmFormat& format, const OutputStatus& status,
                          Frames position) {
  constexpr std::size_t kLongestName = 40;
  std::string line = clock_text(std::max<Frames>(0, position) / format.rate);
  if (status.buffered > 0) {
    line += formatted(" · %.1f s ahead", static_cast<double>(status.buffered) / format.rate);
  }
  line += " · " + describe(format);
  if (status.dropouts > 0) {
    line += formatted(status.dropouts == 1 ? " · %ld dropout" : " · %ld dropouts",
                      static_cast<long>(status.dropouts));
  }
  return line + " → " + to_valid_utf8(output.substr(0, kLongestName));
}

}  // namespace tutti::player
