// The conductor's ways in that are not the network's own: the line in the server's terminal (--console) and
// OSC
// (--osc).
#pragma once

#include "app/walk_service.h"
#include "base/server_clock.h"
#include "net/osc_socket.h"
#include "server/console.h"
#include "server/options.h"

#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

namespace tutti::server {

struct OscAddress {
  std::string address;
  unsigned short port = 0;
};

// "9000", "192.0.2.7:9000", "[::1]:9000"; without an address it is the loopback one. Error: none of these.
Result<OscAddress> parse_osc_address(std::string_view text);

class Conducting {
 public:
  // On the control thread, all of it.
  Conducting(boost::asio::any_io_executor control, const ServerClock& clock, app::WalkService& walk)
      : control_(std::move(control)), clock_(clock), walk_(walk) {}

  // The walk is open. Error: an address that cannot be bound.
  Result<void> open(const ServeOptions& options);
  // When everything has been announced: from now on somebody types there.
  Result<void> start();
  void stop();
  // Where OSC is listened to, if it is.
  std::optional<std::string> osc() const;

 private:
  boost::asio::any_io_executor control_;
  const ServerClock& clock_;
  app::WalkService& walk_;
  std::optional<net::OscSocket> osc_;
  std::optional<Console> console_;
};

}  // namespace tutti::server
