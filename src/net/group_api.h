// /api/v1/groups: the groups of players in sync, for people and apps (docs/api.md).
#pragma once

#include "net/reply.h"

#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace tutti::net {

class IoThread;

// nullopt: not one of these paths; "": all of them, else the id of one.
std::optional<std::string> match_group_api(std::string_view path);

// GET shows, POST changes what a private group plays. Whoever may listen may do both, as in the groups
// themselves. On the connection's I/O thread; asks control.
boost::asio::awaitable<Reply> answer_group_api(const HttpRequest& request,
                                               const protocol::RequestTarget& target, std::string id,
                                               std::string peer, IoThread& thread);

}  // namespace tutti::net
