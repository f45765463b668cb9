#include "net/library_api.h"

#include "base/utf8.h"

#include <charconv>

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace tutti::net {
namespace {

namespace json = boost::json;

constexpr std::string_view kTracksPath = "/api/v1/library/tracks";
constexpr std::size_t kUsual = 100, kMost = 500, kLongestQuery = 200;

// nullopt: not a number, or above `most`.
std::optional<std::size_t> number(std::string_view text, std::size_t otherwise, std::size_t most) {
  if (text.empty()) return otherwise;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

json::object describe(const Track& track) {
  json::object out{{"track_id", track.id.value},
                   {"title", display_title(track)},
                   {"artist", to_valid_utf8(track.tags.artist)},
                   {"album", to_valid_utf8(track.tags.album)},
                   {"year", track.tags.year},
                   {"number", track.tags.number},
                   {"file", file_name(track)},
                   {"format", track.format},
                   {"duration", duration_of(track.frames, track.rate).count()},
                   {"cover", nullptr}};
  if (track.tags.has_cover) out["cover"] = cover_path(track.id);
  return out;
}

// `/api/v1/library/tracks/17`; nullopt: another path.
std::optional<TrackId> track_id_of(std::string_view path) {
  if (!path.starts_with(kTracksPath) || !path.substr(kTracksPath.size()).starts_with('/'))
    return std::nullopt;
  const std::string_view text = path.substr(kTracksPath.size() + 1);
  TrackId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return id;
}

}  // namespace

std::string cover_path(TrackId id) { return fmt::format("{}/{}/cover", kTracksPath, id.value); }

std::optional<Reply> answer_library_api(app::TrackSearch& tracks, const ApiRequest& request) {
  const auto id = track_id_of(request.target.path);
  if (request.target.path != kTracksPath && !id) return std::nullopt;
  if (request.method != http::verb::get && request.method != http::verb::head) {
    Reply refused = error_reply(http::status::method_not_allowed, "this path does not take that method");
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  if (id) {
    const Track* track = tracks.track(*id);
    return track ? json_reply(describe(*track))
                 : error_reply(http::status::not_found, "there is no such track");
  }
  const auto words = request.target.parameter("q");
  const auto offset = number(request.target.parameter("offset"), 0, 1u << 31);
  const auto limit = number(request.target.parameter("limit"), kUsual, kMost);
  if (!offset || !limit || words.size() > kLongestQuery) {
    return error_reply(http::status::bad_request,
                       fmt::format("offset and limit are numbers, limit at most {}; q has at most {} bytes",
                                   kMost, kLongestQuery));
  }
  const auto page = tracks.find(words, *offset, *limit, request.now);
  json::array list;
  for (const Track* track : page.tracks) list.push_back(describe(*track));
  const std::size_t end = *offset + list.size();
  json::object out{
      {"total", page.total}, {"offset", *offset}, {"tracks", std::move(list)}, {"next", nullptr}};
  if (end < page.total && end > *offset) out["next"] = end;
  return json_reply(out);
}

}  // namespace tutti::net
