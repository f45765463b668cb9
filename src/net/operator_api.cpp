#include "net/operator_api.h"

#include "base/secret.h"
#include "protocol/route.h"

#include <array>
#include <utility>

#include <boost/json/object.hpp>

namespace tutti::net {
namespace {

namespace json = boost::json;
using ActionKind = OperatorAction::Kind;

constexpr std::array<std::pair<std::string_view, ActionKind>, 5> kPaths = {{
    {"/next-track", ActionKind::next},
    {"/prev-track", ActionKind::previous},
    {"/shuffle-playlist", ActionKind::shuffle},
    {"/set-shuffle", ActionKind::shuffle_on},
    {"/clear-history", ActionKind::clear_history},
}};

Reply failed(const app::StationService& stations, const OperatorAction& action, const Error& why) {
  const bool is_known = stations.has(action.route);
  Reply reply =
      json_reply(json::object{{"success", false}, {"route", action.route}, {"message", why.message}},
                 is_known ? http::status::conflict : http::status::not_found);
  reply.headers = {{"Cache-Control", "no-store"}};
  return reply;
}

Reply succeeded(const OperatorAction& action, std::string_view name, std::string text) {
  Reply reply = json_reply(json::object{{"success", true}, {"route", action.route}, {name, std::move(text)}});
  reply.headers = {{"Cache-Control", "no-store"}};
  return reply;
}

}  // namespace

std::optional<OperatorAction> match_operator_action(const std::string& path) {
  for (auto [name, kind] : kPaths) {
    if (!path.starts_with(name)) continue;
    std::string_view rest = std::string_view(path).substr(name.size());
    if (!rest.empty() && rest.front() != '/') continue;
    if (kind == ActionKind::shuffle_on) {
      const auto slash = rest.rfind('/');
      const std::string_view word = slash == rest.npos ? "" : rest.substr(slash + 1);
      if (word != "on" && word != "off") return std::nullopt;
      if (word == "off") kind = ActionKind::shuffle_off;
      rest = rest.substr(0, slash);
    }
    auto route = protocol::normalise_route(rest);
    if (!route) return std::nullopt;
    return OperatorAction{kind, std::move(*route)};
  }
  return std::nullopt;
}

Reply carry_out(app::StationService& stations, const OperatorAction& action, ServerTime now) {
  const auto moved = [&](const Result<app::AiredTrack>& track) {
    return track ? succeeded(action, "track", track->file) : failed(stations, action, track.error());
  };
  const auto changed = [&](const Result<void>& done, std::string message) {
    return done ? succeeded(action, "message", std::move(message)) : failed(stations, action, done.error());
  };
  switch (action.kind) {
    case ActionKind::next:
      return moved(stations.next(action.route, now));
    case ActionKind::previous:
      return moved(stations.previous(action.route, now));
    case ActionKind::shuffle:
      return changed(stations.shuffle(action.route, random_number(), now), "Playlist shuffled");
    case ActionKind::shuffle_on:
      return changed(stations.set_shuffle(action.route, true, random_number(), now), "Shuffle is on");
    case ActionKind::shuffle_off:
      return changed(stations.set_shuffle(action.route, false, random_number(), now), "Shuffle is off");
    case ActionKind::clear_history:
      break;
  }
  return changed(stations.clear_history(action.route, now), "History cleared");
}

Reply for_form_or_script(Reply reply, const HttpRequest& request, const protocol::RequestTarget& target) {
  const bool is_script = request["X-Requested-With"] == "XMLHttpRequest" || target.parameter("ajax") == "1";
  if (is_script || reply.status != http::status::ok) return reply;
  Reply redirect;
  redirect.status = http::status::found;
  redirect.headers = {{"Location", "/status"}, {"Cache-Control", "no-store"}};
  return redirect;
}

}  // namespace tutti::net
