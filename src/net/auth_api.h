// Signing in and out, and one's own sessions: /api/v1/login, /logout, /session, /sessions (docs/api.md).
#pragma once

#include "net/identify.h"

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace tutti::net {

// Of the connection that a request came by.
struct Connection {
  std::string address;     // the peer's
  bool is_secure = false;  // TLS
};

bool is_auth_path(std::string_view path);

// Precondition: is_auth_path(target.path).
boost::asio::awaitable<Reply> answer_auth_api(Control& control, const HttpRequest& request,
                                              const protocol::RequestTarget& target, Connection connection,
                                              bool is_listening_closed);

}  // namespace tutti::net
