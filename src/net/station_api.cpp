#include "net/station_api.h"

#include "net/library_api.h"
#include "protocol/route.h"

#include <charconv>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

namespace tutti::net {
namespace {

namespace json = boost::json;
using app::Station;

constexpr std::size_t kTracksBefore = 5, kTracksAfter = 3;
constexpr std::string_view kTracks = "/api/v1/library/tracks/";
constexpr std::string_view kListeners = "/api/v1/listeners/";
constexpr std::string_view kCover = "/cover";

std::string_view status_word(Station::Status status) {
  switch (status) {
    case Station::Status::on_air:
      return "on_air";
    case Station::Status::scanning:
      return "scanning";
    case Station::Status::empty:
      break;
  }
  return "empty";
}

json::object describe_entry(const app::AiredTrack& track) {
  json::object out{{"track_id", track.id.value},
                   {"title", track.title},
                   {"artist", track.artist},
                   {"album", track.album},
                   {"file", track.file},
                   {"cover", nullptr},
                   {"starts_at", track.starts_at.since_start.count()},
                   {"duration", track.duration.count()}};
  if (track.has_cover) out["cover"] = cover_path(track.id);
  return out;
}

json::object describe_library(const app::Library& library) {
  const auto progress = library.progress();
  return {{"tracks", progress.tracks},
          {"problems", progress.problems},
          {"scanning", progress.scanning},
          {"scanned", progress.scanned},
          {"found", progress.found}};
}

Reply stations(Control& control, const ApiRequest& request) {
  json::array list;
  for (const auto& view : control.stations.views(request.now, kTracksBefore, kTracksAfter)) {
    json::array entries;
    for (const auto& track : view.aired) entries.push_back(describe_entry(track));
    list.push_back(json::object{{"route", view.route},
                                {"name", view.name},
                                {"url", protocol::url_of_route(view.route)},
                                {"status", status_word(view.status)},
                                {"mode", view.is_individual ? "individual" : "radio"},
                                {"listeners", view.listeners},
                                {"bitrate", view.bitrate},
                                {"entries", std::move(entries)}});
  }
  return json_reply(json::object{{"server_time", request.now.since_start.count()},
                                 {"library", describe_library(control.stations.library())},
                                 {"stations", std::move(list)}});
}

Reply problems(Control& control) {
  json::array list;
  for (const auto& problem : control.stations.library().problems()) {
    list.push_back(json::object{{"path", problem.path}, {"reason", problem.reason}});
  }
  return json_reply(json::object{{"problems", std::move(list)}});
}

Reply listener(Control& control, const ApiRequest& request) {
  const std::string key = request.target.path.substr(kListeners.size());
  const auto* start = control.stations.listeners().find(key);
  if (!start)
    return error_reply(http::status::not_found, "no listener with this key has been sent anything yet");
  json::object out{{"route", start->route},
                   {"first_sample_at", start->first_sample_at.since_start.count()},
                   {"server_time", request.now.since_start.count()},
                   {"skipped", start->skipped.count()}};
  if (!start->tracks.empty()) {
    json::array entries;
    for (const auto& track : control.stations.heard_by(*start)) entries.push_back(describe_entry(track));
    out["entries"] = std::move(entries);
  }
  return json_reply(out);
}

Reply cover_reply(const Track& track, Result<std::optional<app::Cover>> cover) {
  if (!cover) return error_reply(http::status::service_unavailable, cover.error().message);
  if (!*cover) return error_reply(http::status::not_found, "this track has no cover");
  Reply reply;
  reply.content_type = (*cover)->mime_type;
  reply.body.assign((*cover)->bytes.begin(), (*cover)->bytes.end());
  reply.headers = {{"Cache-Control", "public, max-age=86400"},
                   {"Access-Control-Allow-Origin", "*"},
                   {"ETag", fmt::format("\"{:x}-{:x}\"", track.file.mtime_ns, track.file.size)}};
  return reply;
}

void cover(Control& control, std::string_view id_text, const std::function<void(Reply)>& answer) {
  TrackId id;
  const auto [end, error] = std::from_chars(id_text.data(), id_text.data() + id_text.size(), id.value);
  const Track* track = error == std::errc() && end == id_text.data() + id_text.size()
                           ? control.stations.library().find(id)
                           : nullptr;
  if (!track || !track->tags.has_cover) {
    answer(error_reply(http::status::not_found, "there is no such track, or it has no cover"));
    return;
  }
  control.covers.read_cover(track->file.path, [answer, track = *track](auto picture) {
    answer(cover_reply(track, std::move(picture)));
  });
}

}  // namespace

bool answer_station_api(Control& control, const ApiRequest& request,
                        const std::function<void(Reply)>& answer) {
  std::string_view path = request.target.path;
  if (path == "/api/v1/stations") {
    answer(stations(control, request));
  } else if (path == "/api/v1/library/problems") {
    answer(problems(control));
  } else if (path.starts_with(kListeners)) {
    answer(listener(control, request));
  } else if (path.starts_with(kTracks) && path.ends_with(kCover) &&
             path.size() > kTracks.size() + kCover.size()) {
    path.remove_prefix(kTracks.size());
    path.remove_suffix(kCover.size());
    cover(control, path, answer);
  } else {
    return false;
  }
  return true;
}

}  // namespace tutti::net
