// The players that the server connects to, for an operator: who is known, and a call to play here.
#pragma once

#include "net/control.h"
#include "net/reply.h"

#include <string>

#include <boost/asio/awaitable.hpp>

namespace tutti::net {

bool is_player_calls_path(const std::string& path);

// GET /api/v1/players, POST /api/v1/players/call?name=…; an operator's, both. Precondition:
// is_player_calls_path(target.path).
boost::asio::awaitable<Reply> answer_player_calls(Control& control, const HttpRequest& request,
                                                  const protocol::RequestTarget& target, std::string address);

}  // namespace tutti::net
