#include "net/walk_visitor.h"

#include "protocol/websocket_frame.h"

#include <utility>
#include <variant>

#include <boost/asio/post.hpp>

namespace tutti::net {

namespace asio = boost::asio;

WalkVisitor::WalkVisitor(WebSocket& socket, Control& control)
    : control_(control), executor_(socket.executor()), socket_(socket.weak_from_this()) {}

template <class Act>
void WalkVisitor::on_control(Act act) {
  asio::post(control_.executor, [act = std::move(act), self = shared_from_this()]() mutable {
    act(*self, self->control_.walk);
  });
}

void WalkVisitor::join(app::NewWalker about) {
  on_control([about = std::move(about)](WalkVisitor& self, app::WalkService& walk) mutable {
    const auto visit = walk.join(std::move(about), self.shared_from_this());
    if (visit) {
      self.visit_ = *visit;
      return;
    }
    asio::post(self.executor_, [why = visit.error().message, weak = self.socket_] {
      if (const auto socket = weak.lock()) socket->close(protocol::kCloseTryLater, why);
    });
  });
}

void WalkVisitor::say(const WalkReport& report) {
  on_control([report](WalkVisitor& self, app::WalkService& walk) { walk.report(self.visit_, report); });
}

void WalkVisitor::say(const protocol::sendspin::WalkSaid& said) {
  on_control([said](WalkVisitor& self, app::WalkService& walk) {
    if (const auto* ack = std::get_if<WalkAck>(&said)) walk.ack(self.visit_, *ack);
    if (const auto* seen = std::get_if<protocol::sendspin::WalkSeen>(&said)) {
      walk.seen(self.visit_, seen->message);
    }
  });
}

void WalkVisitor::leave() {
  on_control([](WalkVisitor& self, app::WalkService& walk) { walk.leave(self.visit_); });
}

void WalkVisitor::on_walk(const app::WalkNewsPtr& news) {
  control_.walk_post.send(control_.executor, executor_, socket_, news);
}

void WalkVisitor::on_replaced() {
  asio::post(executor_, [weak = socket_] {
    const auto socket = weak.lock();
    if (socket) socket->close(protocol::kClosePolicy, "another connection with this client_id has come");
  });
}

}  // namespace tutti::net
