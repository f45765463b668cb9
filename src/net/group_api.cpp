#include "net/group_api.h"

#include "net/ask.h"
#include "net/doors.h"
#include "net/identify.h"
#include "net/io_thread.h"
#include "protocol/group_wish_wire.h"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace tutti::net {
namespace {

namespace json = boost::json;
using app::GroupSummary;
using asio::awaitable;

constexpr std::string_view kGroupsPath = "/api/v1/groups";

std::string_view name_of(PrivateTimeline::Repeat repeat) {
  switch (repeat) {
    case PrivateTimeline::Repeat::off:
      return "off";
    case PrivateTimeline::Repeat::one:
      return "one";
    case PrivateTimeline::Repeat::all:
      break;
  }
  return "all";
}

json::value describe_playing(const GroupSummary& group) {
  const auto& playing = group.playing;
  if (!playing || !playing->has_track) return nullptr;
  json::object out{{"title", playing->title},
                   {"artist", playing->artist},
                   {"album", playing->album},
                   {"at", playing->at.since_start.count()},
                   {"position", Duration(playing->position).count()},
                   {"duration", Duration(playing->duration).count()},
                   {"moving", playing->is_moving}};
  if (group.track) out["track_id"] = group.track->value;
  return out;
}

json::object describe(const GroupSummary& group) {
  json::array members;
  for (const auto& each : group.members) {
    json::object member{{"name", each.name}, {"player", each.is_player}};
    if (each.volume) member["volume"] = *each.volume;
    if (each.is_muted) member["muted"] = *each.is_muted;
    members.push_back(std::move(member));
  }
  json::object out{{"id", group.view.id},
                   {"name", group.view.name},
                   {"private", group.is_private},
                   {"playing", group.view.is_playing},
                   {"now", describe_playing(group)},
                   {"members", std::move(members)}};
  if (!group.is_private) return out;
  out["tracks"] = nullptr;
  if (!group.tracks.empty()) {
    json::array tracks;
    for (const TrackId id : group.tracks) tracks.push_back(id.value);
    out["tracks"] = std::move(tracks);
  }
  if (!group.playing) return out;
  out["repeat"] = name_of(group.playing->repeat);
  out["shuffle"] = group.playing->is_shuffled;
  return out;
}

Reply show(Control& control, const std::string& id) {
  const ServerTime now = control.clock.now();
  if (!id.empty()) {
    const auto group = control.groups.group(id, now);
    if (!group) return private_error(http::status::not_found, "there is no group " + id);
    json::object out = describe(*group);
    out["server_time"] = now.since_start.count();
    return private_reply(out);
  }
  json::array list;
  for (const auto& group : control.groups.groups(now)) list.push_back(describe(group));
  return private_reply(json::object{{"server_time", now.since_start.count()}, {"groups", std::move(list)}});
}

Reply arrange(Control& control, const std::string& id, const GroupWish& wish) {
  const ServerTime now = control.clock.now();
  const bool is_known = control.groups.group(id, now).has_value();
  if (const auto done = control.groups.arrange(id, wish, now); !done) {
    return private_error(is_known ? http::status::conflict : http::status::not_found, done.error().message);
  }
  return show(control, id);
}

}  // namespace

std::optional<std::string> match_group_api(std::string_view path) {
  if (!path.starts_with(kGroupsPath)) return std::nullopt;
  path.remove_prefix(kGroupsPath.size());
  if (path.empty()) return "";
  if (path.size() < 2 || path.front() != '/') return std::nullopt;
  // A station's id is its route, with its slash.
  const std::string id(path.substr(1));
  return id.starts_with("private-") ? id : std::string(path);
}

awaitable<Reply> answer_group_api(const HttpRequest& request, const protocol::RequestTarget& target,
                                  std::string id, std::string peer, IoThread& thread) {
  Control& control = thread.control();
  const bool reads = request.method() == http::verb::get || request.method() == http::verb::head;
  const bool changes = request.method() == http::verb::post && !id.empty();
  if (!reads && !changes) {
    Reply refused =
        private_error(http::status::method_not_allowed, "groups take GET, and one group takes POST too");
    refused.headers.emplace_back("Allow", id.empty() ? "GET, HEAD" : "GET, HEAD, POST");
    co_return refused;
  }
  if (changes) {
    const Credentials credentials = credentials_of(request, target);
    if (auto refused = refuse_cross_site(request, credentials.kind)) co_return std::move(*refused);
  }
  if (thread.settings().is_listening_closed) {
    if (auto refused = co_await refuse_unless_listener(control, request, target, std::move(peer))) {
      co_return std::move(*refused);
    }
  }
  if (reads) {
    auto question = [&control, id](auto answer) { answer(show(control, id)); };
    co_return co_await ask<Reply>(control.executor, std::move(question));
  }
  auto wish = protocol::parse_group_wish(request.body());
  if (!wish) co_return private_error(http::status::bad_request, wish.error().message);
  auto question = [&control, id, wish = std::move(*wish)](auto answer) {
    answer(arrange(control, id, wish));
  };
  co_return co_await ask<Reply>(control.executor, std::move(question));
}

}  // namespace tutti::net
