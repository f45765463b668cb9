#include "net/walk_api.h"

#include "base/log.h"
#include "net/ask.h"
#include "net/doors.h"
#include "protocol/walk_json.h"

#include <utility>

#include <boost/json/array.hpp>

namespace tutti::net {
namespace {

namespace json = boost::json;
using asio::awaitable;

constexpr std::string_view kPath = "/api/v1/walk";

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

}  // namespace

bool is_walk_api(const std::string& path) { return path == kPath || path.starts_with("/api/v1/walk/"); }

awaitable<Reply> answer_walk_api(Control& control, const Settings& settings, const HttpRequest& request,
                                 const protocol::RequestTarget& target, std::string address) {
  if (target.path == kPath) {
    if (!reads(request)) co_return wrong_method("GET, HEAD");
    if (settings.is_listening_closed) {
      auto refused = co_await refuse_unless_listener(control, request, target, std::move(address));
      if (refused) co_return std::move(*refused);
    }
    co_return co_await ask_control(control, show_state);
  }
  const std::string verb = target.path.substr(kPath.size() + 1);
  Credentials credentials = credentials_of(request, target);
  if (auto refused = refuse_cross_site(request, credentials.kind)) co_return std::move(*refused);
  const auto verdict = co_await identify(control, std::move(credentials), std::move(address));
  if (auto refused = refuse_unless(app::Role::conductor, verdict, request)) co_return std::move(*refused);
  if (verb == "participants" || verb == "log") {
    if (!reads(request)) co_return wrong_method("GET, HEAD");
    co_return co_await ask_control(control, verb == "log" ? show_log : show_participants);
  }
  const bool is_sheet = verb == "sheet";
  if (!is_sheet && verb != "cue" && verb != "stop" && verb != "message" && verb != "arm" && verb != "lead") {
    co_return private_error(http::status::not_found, "there is nothing at this address; see docs/api.md");
  }
  const auto method = is_sheet ? http::verb::put : http::verb::post;
  if (request.method() != method) co_return wrong_method(is_sheet ? "PUT" : "POST");
  auto order = protocol::parse_walk_order(verb, request.body());
  if (!order) co_return private_error(http::status::bad_request, order.error().message);
  co_return co_await ask_order(control, std::move(*order), verdict.identity.user);
}

}  // namespace tutti::net
