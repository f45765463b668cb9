// Makes the calls that app/player_calls.h decides on, each on one of the I/O threads in turn. Owned by the
// control thread.
#pragma once

#include "app/player_caller.h"
#include "net/player_call.h"

#include <functional>
#include <map>
#include <memory>

namespace tutti::net {

class PlayerCaller : public app::PlayerCaller {
 public:
  // On the control thread.
  struct Events {
    std::function<void(app::CallId, const std::string& client)> up;
    std::function<void(app::CallId, const app::CallEnd&)> over;
  };

  // `self`: as the server introduces itself; why it calls is added.
  PlayerCaller(Control& control, IoThreads& threads, protocol::sendspin::Session::Self self, Events events);

  void call(app::CallId id, const app::PlayerAddress& address, app::CallReason reason) override;
  void hang_up(app::CallId id) override;

 private:
  void on_over(app::CallId id, const app::CallEnd& end);

  Control& control_;
  IoThreads& threads_;
  protocol::sendspin::Session::Self self_;
  Events events_;
  std::map<app::CallId, std::weak_ptr<PlayerCall>> calls_;  // they live and die on their threads
  std::size_t turn_ = 0;
};

}  // namespace tutti::net
