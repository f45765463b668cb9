#include "player/status_text.h"

#include "player/line_text.h"

namespace tutti::player {

std::string sync_text(const SyncStatus& status, Micros uncertainty) {
  return formatted(" · sync %+.2f ms", status.error.count() / 1e3) +
         formatted(" ± %.2f", uncertainty.count() / 1e3);
}

std::string output_text(const SyncStatus& status, int volume, bool is_muted, const std::string& output) {
  std::string text;
  if (status.starved > 0) text += formatted(" · %ld dropouts", static_cast<long>(status.starved));
  text += is_muted ? " · muted" : formatted(" · volume %d", volume);
  return text + " → " + shortened(output);
}

boost::json::object status_object(const SyncStatus& status, Micros uncertainty, int volume, bool is_muted) {
  return {
      {"playing", status.is_playing},
      {"heard", static_cast<std::int64_t>(status.heard.count())},
      {"began", static_cast<std::int64_t>(status.began.count())},
      {"error", status.error.count()},
      {"correction_ppm", status.correction * 1e6},
      {"device_drift_ppm", status.device_drift * 1e6},
      {"device_noise", status.device_noise.count()},
      {"uncertainty", uncertainty.count()},
      {"ahead", status.ahead.count()},
      {"starts", status.starts},
      {"starved", status.starved},
      {"jumps", status.jumps},
      {"volume", volume},
      {"muted", is_muted},
  };
}

}  // namespace tutti::player
