#include "net/player_caller.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::net {

using protocol::sendspin::ConnectionReason;
using protocol::sendspin::Session;

PlayerCaller::PlayerCaller(Control& control, IoThreads& threads, Session::Self self, Events events)
    : control_(control), threads_(threads), self_(std::move(self)), events_(std::move(events)) {}

void PlayerCaller::call(app::CallId id, const app::PlayerAddress& address, app::CallReason reason) {
  Session::Self self = self_;
  self.reason =
      reason == app::CallReason::playback ? ConnectionReason::playback : ConnectionReason::discovery;
  PlayerCall::Events events;
  events.up = [this, id, executor = control_.executor](const std::string& client) {
    boost::asio::post(executor, [this, id, client] { events_.up(id, client); });
  };
  events.over = [this, id, executor = control_.executor](const app::CallEnd& end) {
    boost::asio::post(executor, [this, id, end] { on_over(id, end); });
  };
  const auto call = std::make_shared<PlayerCall>(threads_[turn_++ % threads_.size()], address,
                                                 std::move(self), std::move(events));
  calls_[id] = call;
  call->start();
}

void PlayerCaller::hang_up(app::CallId id) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  if (const auto call = found->second.lock()) call->hang_up();
}

void PlayerCaller::on_over(app::CallId id, const app::CallEnd& end) {
  calls_.erase(id);
  events_.over(id, end);
}

}  // namespace tutti::net
