#include "net/walk_api.h"

#include "base/log.h"
#include "net/ask.h"
#include "net/doors.h"
#include "protocol/walk_csv.h"
#include "protocol/walk_json.h"

#include <array>
#include <string_view>
#include <utility>

#include <boost/json/array.hpp>

namespace tutti::net {
namespace {

namespace json = boost::json;
using asio::awaitable;

constexpr std::string_view kWalkPath = "/api/v1/walk";

bool reads(const HttpRequest& request) {
  return request.method() == http::verb::get || request.method() == http::verb::head;
}

Reply no_walk() {
  return error_reply(http::status::not_found, "there is no walk here; the server was started without --walk");
}

Reply wrong_method(std::string allowed) {
  Reply refused = private_error(http::status::method_not_allowed, "this path takes " + allowed);
  refused.headers.emplace_back("Allow", std::move(allowed));
  return refused;
}

json::object state_of(const Control& control) {
  json::object out = protocol::walk_object(*control.walk.news()->walk, WalkKeys::all());
  out["server_time"] = control.clock.now().since_start.count();
  return out;
}

Reply show_state(const Control& control) {
  return control.walk.is_open() ? json_reply(state_of(control)) : no_walk();
}

Reply show_participants(const Control& control) {
  if (!control.walk.is_open()) return no_walk();
  const auto news = control.walk.news();
  json::array rows;
  for (const auto& each : control.walk.participants()) {
    rows.push_back(protocol::participant_object(each, *news->walk));
  }
  return private_reply(
      json::object{{"rows", std::move(rows)}, {"server_time", control.clock.now().since_start.count()}});
}

Reply show_log(const Control& control) {
  if (!control.walk.is_open()) return no_walk();
  json::array events;
  for (const auto& each : control.walk.log()) {
    json::object event = protocol::event_object(each);
    event["wall_us"] = control.clock.wall_anchor().to_wall(each.at).since_unix_epoch.count();
    events.push_back(std::move(event));
  }
  return private_reply(json::object{{"events", std::move(events)}});
}

Reply show_csv(const Control& control) {
  if (!control.walk.is_open()) return no_walk();
  Reply table = private_reply(nullptr);
  table.content_type = "text/csv; charset=utf-8";
  table.body = protocol::print_walk_csv(control.walk.log(), control.clock.wall_anchor());
  table.headers.emplace_back("Content-Disposition", "attachment; filename=\"walk.csv\"");
  return table;
}

// What a waveform is drawn from.
Reply picture_reply(const app::AssetMaker::Made* asset, const HttpRequest& request) {
  if (!asset || !asset->picture) {
    return private_error(http::status::not_found,
                         "the walk has no such asset, or it is still being prepared");
  }
  const auto& [step, points] = *asset->picture;
  Reply reply;
  reply.content_type = "application/octet-stream";
  reply.body.assign(points.begin(), points.end());
  reply.headers = {{"ETag", "\"" + asset->sha256 + "\""},
                   {"Cache-Control", "private, no-cache"},
                   {"X-Content-Type-Options", "nosniff"},
                   {"Tutti-Step", std::to_string(step)}};
  return unless_known(std::move(reply), request);
}

// "assets/forest/peaks" → "forest"
std::optional<std::string> pictured(std::string_view verb) {
  constexpr std::string_view kBefore = "assets/", kAfter = "/peaks";
  if (!verb.starts_with(kBefore) || !verb.ends_with(kAfter)) return std::nullopt;
  if (verb.size() <= kBefore.size() + kAfter.size()) return std::nullopt;
  verb.remove_prefix(kBefore.size());
  verb.remove_suffix(kAfter.size());
  return std::string(verb);
}

awaitable<Reply> ask_picture(Control& control, std::string id, const HttpRequest& request) {
  using Found = std::optional<app::AssetMaker::Made>;
  auto question = [&assets = control.walk_assets, id = std::move(id)](auto answer) {
    const auto* found = assets.find(id);
    answer(found ? Found(*found) : Found());
  };
  const auto found = co_await ask<Found>(control.executor, std::move(question));
  co_return picture_reply(found ? &*found : nullptr, request);
}

// What of control is asked: on its thread.
awaitable<Reply> ask_control(Control& control, Reply (*show)(const Control&)) {
  auto question = [&control, show](auto answer) { answer(show(control)); };
  co_return co_await ask<Reply>(control.executor, std::move(question));
}

awaitable<Reply> ask_order(Control& control, WalkOrder order, std::string author) {
  auto question = [&control, order = std::move(order), author = std::move(author)](auto answer) {
    if (!control.walk.is_open()) return answer(no_walk());
    control.walk.order(order, author, [&control, answer](const Result<void>& done) mutable {
      answer(done ? private_reply(state_of(control))
                  : private_error(http::status::conflict, done.error().message));
    });
  };
  co_return co_await ask<Reply>(control.executor, std::move(question));
}

// What conductors alone may read.
constexpr std::array<std::pair<std::string_view, Reply (*)(const Control&)>, 3> kShown = {
    {{"participants", show_participants}, {"log", show_log}, {"log.csv", show_csv}}};

// How each verb is asked for; nullopt: there is none of this name.
std::optional<http::verb> method_of(std::string_view verb) {
  if (verb == "sheet") return http::verb::put;
  if (verb == "about") return http::verb::patch;
  for (const std::string_view known : {"cue", "stop", "message", "arm", "lead"}) {
    if (verb == known) return http::verb::post;
  }
  return std::nullopt;
}

}  // namespace

bool is_walk_api(const std::string& path) { return path == kWalkPath || path.starts_with("/api/v1/walk/"); }

awaitable<Reply> answer_walk_api(Control& control, const Settings& settings, const HttpRequest& request,
                                 const protocol::RequestTarget& target, std::string address) {
  const bool edits = target.path == kWalkPath && request.method() == http::verb::patch;
  if (target.path == kWalkPath && !edits) {
    if (!reads(request)) co_return wrong_method("GET, HEAD, PATCH");
    if (settings.is_listening_closed) {
      auto refused = co_await refuse_unless_listener(control, request, target, std::move(address));
      if (refused) co_return std::move(*refused);
    }
    co_return co_await ask_control(control, show_state);
  }
  const std::string verb = edits ? "about" : target.path.substr(kWalkPath.size() + 1);
  Credentials credentials = credentials_of(request, target);
  if (auto refused = refuse_cross_site(request, credentials.kind)) co_return std::move(*refused);
  const auto verdict = co_await identify(control, std::move(credentials), std::move(address));
  if (auto refused = refuse_unless(app::Role::conductor, verdict, request)) co_return std::move(*refused);
  for (const auto& [name, show] : kShown) {
    if (verb != name) continue;
    if (!reads(request)) co_return wrong_method("GET, HEAD");
    co_return co_await ask_control(control, show);
  }
  if (auto id = pictured(verb)) {
    if (!reads(request)) co_return wrong_method("GET, HEAD");
    co_return co_await ask_picture(control, std::move(*id), request);
  }
  const auto method = edits || verb != "about" ? method_of(verb) : std::nullopt;
  if (!method)
    co_return private_error(http::status::not_found, "there is nothing at this address; see docs/api.md");
  if (request.method() != *method) co_return wrong_method(std::string(http::to_string(*method)));
  auto order = protocol::parse_walk_order(verb, request.body());
  if (!order) co_return private_error(http::status::bad_request, order.error().message);
  co_return co_await ask_order(control, std::move(*order), verdict.identity.user);
}

}  // namespace tutti::net
