// A participant of the walk over a WebSocket that speaks Sendspin: carries what it is told from control to
// the connection's thread, and what it says back. What goes to everybody is printed and framed once.
#pragma once

#include "app/walk_client.h"
#include "net/control.h"
#include "net/web_socket.h"
#include "protocol/sendspin_messages.h"

#include <atomic>
#include <memory>

namespace tutti::net {

class WalkVisitor : public app::WalkClient, public std::enable_shared_from_this<WalkVisitor> {
 public:
  WalkVisitor(WebSocket& socket, Control& control);

  // --- on the connection's thread
  void join(app::NewWalker about);
  void say(const WalkReport& report);
  void say(const protocol::sendspin::WalkSaid& said);
  void leave();

  // --- on control
  void on_walk(const app::WalkNewsPtr& news) override;
  void on_replaced() override;

 private:
  template <class Act>
  void on_control(Act act);

  Control& control_;
  WebSocket::Socket::executor_type executor_;
  std::weak_ptr<WebSocket> socket_;
  app::WalkVisit visit_ = 0;  // control's
};

}  // namespace tutti::net
