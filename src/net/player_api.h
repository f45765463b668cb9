// GET and PUT /api/v1/player: the user's player, for apps that keep no connection (docs/api.md).
#pragma once

#include "net/reply.h"

#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace tutti::net {

class IoThread;

inline constexpr std::string_view kPlayerApi = "/api/v1/player";

// On the connection's I/O thread; asks control.
boost::asio::awaitable<Reply> answer_player_api(const HttpRequest& request,
                                                const protocol::RequestTarget& target, std::string peer,
                                                IoThread& thread);

}  // namespace tutti::net
