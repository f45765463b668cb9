#include "player/progress.h"

#include "player/clock_text.h"
#include "player/line_text.h"

#include <algorithm>

namespace tutti::player {

std::string progress_line(const std::string& output, const PcmFormat& format, const OutputStatus& status,
                          Frames position) {
  std::string line = clock_text(std::max<Frames>(0, position) / format.rate);
  if (status.buffered > 0) {
    line += formatted(" · %.1f s ahead", static_cast<double>(status.buffered) / format.rate);
  }
  line += " · " + describe(format);
  if (status.dropouts > 0) {
    line += formatted(status.dropouts == 1 ? " · %ld dropout" : " · %ld dropouts",
                      static_cast<long>(status.dropouts));
  }
  return line + " → " + shortened(output);
}

}  // namespace tutti::player
