#include "protocol/group_wish_wire.h"

#include <cmath>
#include <string>

#include <boost/json.hpp>

namespace tutti::protocol {
namespace {

namespace json = boost::json;
using Repeat = PrivateTimeline::Repeat;

constexpr double kLongestSeconds = 1e6;
constexpr std::int64_t kMicros = 1'000'000;

tl::unexpected<Error> has_to_be(std::string_view name, std::string_view should) {
  return fail("'" + std::string(name) + "' has to be " + std::string(should));
}

Result<TrackId> read_track(std::string_view name, const json::value& value) {
  const auto* id = value.if_int64();
  if (!id || *id < 1) return has_to_be(name, "the id of a track");
  return TrackId{*id};
}

Result<void> read_tracks(GroupWish& wish, const json::value& value) {
  if (value.is_null()) {
    wish.tracks.emplace();
    return {};
  }
  const auto* list = value.if_array();
  if (!list || list->empty() || list->size() > GroupWish::kMostTracks) {
    return has_to_be("tracks", "a list of 1 to " + std::to_string(GroupWish::kMostTracks) +
                                   " ids of tracks, or null for the whole library");
  }
  auto& tracks = wish.tracks.emplace();
  for (const auto& each : *list) {
    const auto track = read_track("tracks", each);
    if (!track) return tl::make_unexpected(track.error());
    tracks.push_back(*track);
  }
  return {};
}

Result<void> read_flag(std::optional<bool>& flag, std::string_view name, const json::value& value) {
  const auto* is_so = value.if_bool();
  if (!is_so) return has_to_be(name, "true or false");
  flag = *is_so;
  return {};
}

Result<void> read_repeat(GroupWish& wish, const json::value& value) {
  const auto* word = value.if_string();
  if (word && *word == "off") {
    wish.repeat = Repeat::off;
  } else if (word && *word == "one") {
    wish.repeat = Repeat::one;
  } else if (word && *word == "all") {
    wish.repeat = Repeat::all;
  } else {
    return has_to_be("repeat", "\"off\", \"one\" or \"all\"");
  }
  return {};
}

Result<void> read_position(GroupWish& wish, const json::value& value) {
  const double seconds = value.is_number() ? value.to_number<double>() : -1;
  if (!(seconds >= 0 && seconds <= kLongestSeconds)) return has_to_be("position", "seconds, not below 0");
  wish.position = Duration{std::llround(seconds * static_cast<double>(kMicros))};
  return {};
}

Result<void> read_field(GroupWish& wish, std::string_view name, const json::value& value) {
  if (name == "tracks") return read_tracks(wish, value);
  if (name == "shuffle") return read_flag(wish.is_shuffled, name, value);
  if (name == "play") return read_flag(wish.is_playing, name, value);
  if (name == "repeat") return read_repeat(wish, value);
  if (name == "position") return read_position(wish, value);
  if (name != "track") return fail("there is no field '" + std::string(name) + "'; see docs/api.md");
  const auto track = read_track(name, value);
  if (!track) return tl::make_unexpected(track.error());
  wish.track = *track;
  return {};
}

}  // namespace

Result<GroupWish> parse_group_wish(std::string_view body) {
  if (body.size() > kMostWishBytes) return fail("the body is larger than 32 KiB");
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 4;
  const auto value = json::parse({body.data(), body.size()}, error, {}, options);
  const auto* object = error ? nullptr : value.if_object();
  if (!object) return fail("the body has to be a JSON object such as {\"play\":true}");
  GroupWish wish;
  for (const auto& [name, field] : *object) {
    if (auto read = read_field(wish, {name.data(), name.size()}, field); !read) {
      return tl::make_unexpected(read.error());
    }
  }
  return wish;
}

}  // namespace tutti::protocol
