#include "player/walk_line.h"

#include "player/clock_text.h"
#include "player/line_text.h"
#include "player/status_text.h"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace tutti::player {
namespace {

bool is_heard(const WalkView& view) { return view.span && view.span->begin <= grid_frame(view.now); }

std::string what_plays(const WalkView& view) {
  if (!view.span) return " · waiting for a cue";
  const auto seconds = [](Frames frames) { return clock_text(frames / WalkAsset::kRate); };
  const Frames at = grid_frame(view.now);
  const std::string asset = " · " + shortened(view.span->asset) + " ";
  if (!is_heard(view)) return asset + "begins in " + seconds(view.span->begin - at);
  return asset + seconds(view.span->sample_at(at)) + " / " + seconds(view.span->first + view.span->length);
}

// What is missing, or nothing.
std::string missing(const WalkView& view) {
  std::int64_t have = 0, all = 0;
  std::string problem;
  for (const auto& asset : view.news.walk->assets) {
    all += asset.bytes;
    const auto file = view.files.find(asset.sha256);
    if (file == view.files.end()) continue;
    have += file->second.have;
    if (!file->second.is_ready && !file->second.problem.empty()) problem = ": " + file->second.problem;
  }
  if (have >= all) return "";
  return formatted(" · %d %% is here", static_cast<int>(100 * have / all)) + problem;
}

}  // namespace

std::string walk_line(const WalkView& view, const std::string& output) {
  if (!view.news.walk) return "connecting to " + shortened(view.news.server);
  const std::string& title = view.news.walk->about.title;
  std::string line = shortened(title.empty() ? view.news.server : title) + what_plays(view) + missing(view);
  if (view.status.is_playing) line += sync_text(view.status, view.news.clock.uncertainty);
  return line + output_text(view.status, view.volume, view.is_muted, output);
}

std::string walk_report_line(const WalkView& view) {
  const auto is_ready = [&](const WalkAsset& asset) {
    const auto file = view.files.find(asset.sha256);
    return asset.is_ready && file != view.files.end() && file->second.is_ready;
  };
  auto out = status_object(view.status, view.news.clock.uncertainty, view.volume, view.is_muted);
  out["connected"] = view.news.is_connected;
  out["ready"] = view.news.walk && std::ranges::all_of(view.news.walk->assets, is_ready);
  out["cue"] = nullptr;
  out["position_ms"] = nullptr;
  if (is_heard(view)) {
    out["cue"] = view.span->cue;
    out["position_ms"] = static_cast<double>(view.span->sample_at(grid_frame(view.now))) / 48;
  }
  return boost::json::serialize(out);
}

std::string start_line(const StartedCue& started) {
  return boost::json::serialize(boost::json::object{
      {"started", started.cue},
      {"start", started.start.since_start.count()},
      {"heard", static_cast<std::int64_t>(started.heard.count())},
      {"start_error", started.error.count()},
      {"late", started.late.count()},
  });
}

}  // namespace tutti::player
