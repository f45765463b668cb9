#include "net/radio_api.h"

#include "protocol/route.h"

#include <array>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

namespace tutti::net {
namespace {

namespace json = boost::json;
using app::AiredTrack;
using app::StationService;
using app::StationView;

constexpr std::size_t kHistory = 20;

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

const AiredTrack* on_air(const StationView& view) {
  return view.current < view.aired.size() ? &view.aired[view.current] : nullptr;
}

std::string current_file(const StationView& view) {
  const AiredTrack* track = on_air(view);
  return track ? track->file : "";
}

std::string minutes(std::int64_t milliseconds) {
  return fmt::format("{:02}:{:02}", milliseconds / 60'000, milliseconds / 1000 % 60);
}

json::object describe_stream(const StationView& view) {
  std::string history;
  for (std::size_t i = std::min(view.current, view.aired.size()); i-- > 0;) {
    history += "<li>" + escape_html(view.aired[i].file) + "</li>";
  }
  return {{"route", view.route},
          {"url", protocol::url_of_route(view.route)},
          {"name", view.name},
          {"current_track", current_file(view)},
          {"listeners", view.listeners},
          {"bitrate", view.bitrate / 1000},
          {"history_html", "<ul>" + history + "</ul>"}};
}

Reply streams(StationService& stations, const ApiRequest& request) {
  json::array list;
  for (const auto& view : stations.views(request.now, kHistory, 0)) list.push_back(describe_stream(view));
  return json_reply(json::object{{"status", "success"},
                                 {"message", fmt::format("{} streams", list.size())},
                                 {"streams", std::move(list)}});
}

// The station that `?route=` names, the default station without it; unknown ones are answered in `error`.
std::optional<StationView> named_station(StationService& stations, const ApiRequest& request, Reply& error) {
  const auto route = protocol::normalise_route(request.target.parameter("route"));
  auto view = route ? stations.view(*route, request.now, 0, 0) : std::nullopt;
  if (!view && request.target.parameter("route").empty()) {
    auto all = stations.views(request.now, 0, 0);
    if (!all.empty()) view = std::move(all.front());
  }
  if (!view) error = error_reply(http::status::not_found, "there is no station at this route; see /streams");
  return view;
}

Reply now_playing(StationService& stations, const ApiRequest& request) {
  Reply error;
  const auto view = named_station(stations, request, error);
  if (!view) return error;
  json::object tracks;
  if (request.target.parameter("route").empty()) {
    for (const auto& each : stations.views(request.now, 0, 0)) tracks[each.route] = current_file(each);
  } else {
    tracks[view->route] = current_file(*view);
  }
  const AiredTrack* track = on_air(*view);
  return json_reply(json::object{{"status", "success"},
                                 {"route", view->route},
                                 {"track", current_file(*view)},
                                 {"path", track ? track->folder_path : ""},
                                 {"title", track ? track->title : ""},
                                 {"artist", track ? track->artist : ""},
                                 {"tracks", std::move(tracks)}});
}

json::object describe_playback(const StationView& view, ServerTime now, WallAnchor anchor) {
  json::object out{{"route", view.route}, {"is_playing", false}};
  const AiredTrack* track = on_air(view);
  if (!track) return out;
  const std::int64_t total = track->duration.count() / 1000;
  const std::int64_t elapsed = (now - track->starts_at).count() / 1000;
  const auto started = anchor.to_wall(track->starts_at).since_unix_epoch;
  const std::time_t seconds =
      static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(started).count());
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  out["track_path"] = track->folder_path;
  out["track_name"] = track->file;
  out["start_time"] = date.data();
  out["elapsed_ms"] = elapsed;
  out["elapsed_text"] = minutes(elapsed);
  out["total_ms"] = total;
  out["total_text"] = minutes(total);
  out["remaining_ms"] = total - elapsed;
  out["remaining_text"] = minutes(total - elapsed);
  out["progress_percent"] =
      total > 0 ? static_cast<double>(elapsed) * 100.0 / static_cast<double>(total) : 0.0;
  out["is_playing"] = true;
  return out;
}

Reply playback_time(StationService& stations, const ApiRequest& request) {
  if (request.target.parameter("route").empty()) {
    json::object all;
    for (const auto& view : stations.views(request.now, 0, 0)) {
      all[view.route] = describe_playback(view, request.now, stations.wall_anchor());
    }
    return json_reply(json::object{{"status", "success"}, {"playback_times", std::move(all)}});
  }
  Reply error;
  const auto view = named_station(stations, request, error);
  if (!view) return error;
  auto out = describe_playback(*view, request.now, stations.wall_anchor());
  out["status"] = "success";
  return json_reply(out);
}

// The folders are watched anyway; this looks again now. Nothing that plays is cut.
Reply reload_playlist(StationService& stations, const ApiRequest& request) {
  const auto asked = request.target.parameter("route");
  std::string done = "All playlists reloaded";
  if (asked.empty()) {
    stations.rescan_all();
  } else {
    const auto route = protocol::normalise_route(asked);
    if (!route || !stations.rescan(*route)) {
      return error_reply(http::status::not_found, "there is no station at this route; see /streams");
    }
    done = "Playlist for stream " + *route + " reloaded";
  }
  if (request.method == http::verb::post) return text_reply(http::status::ok, done);
  return json_reply(json::object{{"status", "success"}, {"message", done}});
}

Reply ready(StationService& stations, const ApiRequest&) {
  return text_reply(http::status::ok, fmt::format("Ready - {} streams registered", stations.size()));
}

Reply health(StationService&, const ApiRequest&) { return text_reply(http::status::ok, "OK"); }

struct Endpoint {
  std::string_view path;
  Reply (*answer)(StationService&, const ApiRequest&);
  bool may_post;
};

constexpr std::array<Endpoint, 6> kEndpoints = {{
    {"/streams", streams, false},
    {"/now-playing", now_playing, false},
    {"/playback-time", playback_time, false},
    {"/reload-playlist", reload_playlist, true},
    {"/healthz", health, false},
    {"/readyz", ready, false},
}};

}  // namespace

std::optional<Reply> answer_trouble(const std::string& trouble, const ApiRequest& request) {
  if (trouble.empty() || request.target.path != "/readyz") return std::nullopt;
  return text_reply(http::status::service_unavailable, "Not ready - " + trouble + "\n");
}

std::optional<Reply> answer_radio_api(StationService& stations, const ApiRequest& request) {
  for (const auto& endpoint : kEndpoints) {
    if (endpoint.path != request.target.path) continue;
    const bool reads = request.method == http::verb::get || request.method == http::verb::head;
    if (reads || (endpoint.may_post && request.method == http::verb::post)) {
      return endpoint.answer(stations, request);
    }
    Reply refused = error_reply(http::status::method_not_allowed, "this path does not take that method");
    refused.headers.emplace_back("Allow", endpoint.may_post ? "GET, HEAD, POST" : "GET, HEAD");
    return refused;
  }
  return std::nullopt;
}

}  // namespace tutti::net
