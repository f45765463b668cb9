#include "player/play_line.h"

#include "base/utf8.h"
#include "player/clock_text.h"
#include "player/line_text.h"
#include "player/sample_format.h"
#include "player/status_text.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace tutti::player {
namespace {

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
            sync_text(status, Micros(news.uncertainty));
  } else {
    line += news.now.is_playing ? " · waiting for sound" : " · nothing is played";
  }
  return line + output_text(status, news.volume, news.is_muted, output);
}

std::string report_line(const PlayNews& news, const SyncStatus& status) {
  auto out = status_object(status, Micros(news.uncertainty), news.volume, news.is_muted);
  out["dropped"] = news.dropped;
  out["codec"] = name_of(news.format.codec);
  out["title"] = to_valid_utf8(news.now.title);
  out["group"] = to_valid_utf8(news.now.group);
  return boost::json::serialize(out);
}

}  // namespace tutti::player
