// Players that are found by the server, and the server that is found by players: what the options say of it,
// wired together. Owned by the control thread.
#pragma once

#include "app/player_calls.h"
#include "net/http_server.h"
#include "net/player_caller.h"
#include "net/service_directory.h"
#include "server/options.h"

#include <optional>

namespace tutti::server {

class Discovery {
 public:
  // `self`: as the server introduces itself to players. Begins to be found, and to look, at once.
  Discovery(const ServeOptions& options, net::Control& control, net::HttpServer& http,
            protocol::sendspin::Session::Self self);

  void tick(ServerTime now) { calls_.tick(now); }
  // Before the network side stops.
  void stop();

 private:
  void begin_mdns(const ServeOptions& options, unsigned short port, std::string name);
  void on_found(const net::ServiceDirectory::Found& found);

  net::Control& control_;
  net::PlayerCaller caller_;
  app::PlayerCalls calls_;
  std::optional<net::ServiceDirectory> directory_;
};

}  // namespace tutti::server
