// Whose player a request is about: the one place where /player meets identity.
#pragma once

#include "net/reply.h"

#include <string>

#include <boost/asio/awaitable.hpp>
#include <tl/expected.hpp>

namespace tutti::net {

class IoThread;

// The user's name; else the reply that turns the request away. `peer`: the address that it came from.
boost::asio::awaitable<tl::expected<std::string, Reply>> find_player_user(
    const HttpRequest& request, const protocol::RequestTarget& target, std::string peer, IoThread& thread);

}  // namespace tutti::net
