#include "net/player_calls_api.h"

#include "app/player_calls.h"
#include "base/log.h"
#include "base/utf8.h"
#include "net/ask.h"
#include "net/identify.h"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace tutti::net {
namespace {

namespace json = boost::json;
using app::PlayerCalls;

constexpr std::string_view kList = "/api/v1/players", kCall = "/api/v1/players/call";

std::string_view word(PlayerCalls::Phase phase) {
  switch (phase) {
    case PlayerCalls::Phase::waiting:
      return "waiting";
    case PlayerCalls::Phase::calling:
      return "calling";
    case PlayerCalls::Phase::up:
      return "connected";
    case PlayerCalls::Phase::resting:
      break;
  }
  return "available";
}

Reply list(const PlayerCalls& calls) {
  json::array players;
  for (const auto& each : calls.list()) {
    players.push_back(json::object{
        {"name", each.name}, {"url", each.url}, {"state", word(each.phase)}, {"reason", each.why}});
  }
  return private_reply(json::object{{"players", std::move(players)}});
}

Reply call(PlayerCalls& calls, const std::string& name, ServerTime now) {
  if (!calls.has(name))
    return private_error(http::status::not_found, "no such player is known; see " + std::string(kList));
  if (const auto called = calls.call_to_play(name, now); !called) {
    return private_error(http::status::conflict, called.error().message);
  }
  return list(calls);
}

}  // namespace

bool is_player_calls_path(const std::string& path) { return path == kList || path == kCall; }

asio::awaitable<Reply> answer_player_calls(Control& control, const HttpRequest& request,
                                           const protocol::RequestTarget& target, std::string address) {
  const bool is_call = target.path == kCall;
  if (request.method() != (is_call ? http::verb::post : http::verb::get)) {
    Reply refused =
        private_error(http::status::method_not_allowed, is_call ? "this takes POST" : "this takes GET");
    refused.headers.emplace_back("Allow", is_call ? "POST" : "GET");
    co_return refused;
  }
  Credentials credentials = credentials_of(request, target);
  if (is_call) {
    if (auto refused = refuse_cross_site(request, credentials.kind)) co_return std::move(*refused);
  }
  const auto verdict = co_await identify(control, std::move(credentials), std::move(address));
  if (auto refused = refuse_unless(app::Role::operator_, verdict, request)) co_return std::move(*refused);
  std::string name(target.parameter("name"));
  if (is_call) log::info("{} calls the player {}", verdict.identity.user, to_valid_utf8(name));
  auto question = [&control, is_call, name = std::move(name)](auto answer) {
    PlayerCalls& calls = *control.calls;
    answer(is_call ? call(calls, name, control.clock.now()) : list(calls));
  };
  co_return co_await ask<Reply>(control.executor, std::move(question));
}

}  // namespace tutti::net
