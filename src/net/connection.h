// A connection that changes hands: from HTTP to a listener or a WebSocket.
#pragma once

#include "net/wire.h"

#include <boost/asio/ip/tcp.hpp>

namespace tutti::net {

struct Connection {
  boost::asio::ip::tcp::socket socket;  // non-blocking
  Wire wire;                            // over that socket
};

}  // namespace tutti::net
