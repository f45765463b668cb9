// Signing in and out, and one's own sessions: /api/v1/login, /logout, /session, /sessions (docs/api.md).
#pragma once

#include "net/identify.h"

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace tutti::net {

// Who sent a request, as far as the connection tells.
struct Peer {
  std::string address;
  bool is_secure = false;  // it came by TLS
};

bool is_auth_path(std::string_view path);

// Precondition: is_auth_path(target.path).
boost::asio::awaitable<Reply> answer_auth_api(Control& control, const HttpRequest& request,
                                              const protocol::RequestTarget& target, Peer peer,
                                              bool is_listening_closed);

}  // namespace tutti::net
