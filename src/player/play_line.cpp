#include "player/play_line.h"

#include "base/utf8.h"
#include "player/clock_text.h"
#include "player/sample_format.h"

#include <cstdio>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace tutti::player {
namespace {

constexpr std::size_t kLongestName = 40;

template <class... Args>
std::string formatted(const char* format, Args... args) {
  char text[64];
  std::snprintf(text, sizeof text, format, args...);
  return text;
}

std::string shortened(const std::string& text) { return to_valid_utf8(text.substr(0, kLongestName)); }

ServerTime server_time(Micros t) { return {Duration(static_cast<Duration::rep>(t.count()))}; }

std::string what_plays(const PlayNews& news) {
  const NowPlaying& now = news.now;
  std::string text = shortened(now.title.empty() ? now.group : now.title);
  if (!now.artist.empty()) text += " · " + shortened(now.artist);
  return text.empty() ? shortened(now.server) : text;
}

std::string place(const PlayNews& news, const SyncStatus& status) {
  const auto position = news.now.position(server_time(status.heard));
  if (!position) return "";
  std::string text = " · " + clock_text(position->count() / 1000);
  const auto duration = news.now.progress->duration.count();
  return duration > 0 ? text + " / " + clock_text(duration / 1000) : text;
}

std::string format_of(const PlayNews& news) {
  const auto& format = news.format;
  return std::string(name_of(format.codec)) + " " +
         describe(PcmFormat{format.rate, format.channels, format.bit_depth / 8, false});
}

}  // namespace

std::string play_line(const PlayNews& news, const SyncStatus& status, const std::string& output) {
  std::string line = what_plays(news) + place(news, status);
  if (status.is_playing) {
    line += " · " + format_of(news) +
            formatted(" · %.1f s ahead", static_cast<double>(status.ahead.count()) / 1e6) +
            formatted(" · sync %+.2f ms", status.error.count() / 1e3) +
            formatted(" ± %.2f", static_cast<double>(news.uncertainty.count()) / 1e3);
  } else {
    line += news.now.is_playing ? " · waiting for sound" : " · nothing is played";
  }
  if (status.starved > 0) line += formatted(" · %ld dropouts", static_cast<long>(status.starved));
  line += news.is_muted ? " · muted" : formatted(" · volume %d", news.volume);
  return line + " → " + shortened(output);
}

std::string report_line(const PlayNews& news, const SyncStatus& status) {
  return boost::json::serialize(boost::json::object{
      {"playing", status.is_playing},
      {"heard", static_cast<std::int64_t>(status.heard.count())},
      {"began", static_cast<std::int64_t>(status.began.count())},
      {"error", status.error.count()},
      {"correction_ppm", status.correction * 1e6},
      {"device_drift_ppm", status.device_drift * 1e6},
      {"device_noise", status.device_noise.count()},
      {"uncertainty", news.uncertainty.count()},
      {"ahead", status.ahead.count()},
      {"starts", status.starts},
      {"starved", status.starved},
      {"jumps", status.jumps},
      {"dropped", news.dropped},
      {"volume", news.volume},
      {"muted", news.is_muted},
      {"codec", name_of(news.format.codec)},
      {"title", to_valid_utf8(news.now.title)},
      {"group", to_valid_utf8(news.now.group)},
  });
}

}  // namespace tutti::player
