#include "net/doors.h"

#include "base/log.h"
#include "net/ask.h"
#include "net/operator_api.h"
#include "net/player_calls_api.h"

#include <utility>

namespace tutti::net {
namespace {

using asio::awaitable;

awaitable<Reply> operate(Control& control, const HttpRequest& request, const protocol::RequestTarget& target,
                         OperatorAction action, std::string address) {
  if (request.method() != http::verb::post) {
    Reply refused =
        private_error(http::status::method_not_allowed, "this changes something, so it takes POST only");
    refused.headers.emplace_back("Allow", "POST");
    co_return refused;
  }
  Credentials credentials = credentials_of(request, target);
  if (auto refused = refuse_cross_site(request, credentials.kind)) co_return std::move(*refused);
  const auto verdict = co_await identify(control, std::move(credentials), std::move(address));
  if (auto refused = refuse_unless(app::Role::operator_, verdict, request)) co_return std::move(*refused);
  log::info("{} asks for {}", verdict.identity.user, target.path);
  auto question = [&control, action = std::move(action)](auto answer) {
    answer(carry_out(control.stations, action, control.clock.now()));
  };
  Reply reply = co_await ask<Reply>(control.executor, std::move(question));
  co_return for_form_or_script(std::move(reply), request, target);
}

}  // namespace

bool is_door(const std::string& path) {
  return is_auth_path(path) || is_player_calls_path(path) || match_operator_action(path).has_value();
}

awaitable<Reply> answer_door(Control& control, const Settings& settings, const HttpRequest& request,
                             const protocol::RequestTarget& target, Peer peer) {
  if (auto action = match_operator_action(target.path)) {
    co_return co_await operate(control, request, target, std::move(*action), std::move(peer.address));
  }
  if (is_player_calls_path(target.path)) {
    co_return co_await answer_player_calls(control, request, target, std::move(peer.address));
  }
  co_return co_await answer_auth_api(control, request, target, std::move(peer), settings.is_listening_closed);
}

awaitable<std::optional<Reply>> refuse_unless_listener(Control& control, const HttpRequest& request,
                                                       const protocol::RequestTarget& target,
                                                       std::string address) {
  const auto verdict = co_await identify(control, request, target, std::move(address));
  co_return refuse_unless(app::Role::listener, verdict, request);
}

}  // namespace tutti::net
