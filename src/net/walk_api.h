// The walk over HTTP, for the conductor's page and for show control (docs/api.md): its state, who takes part,
// its log, and what conductors do.
#pragma once

#include "net/control.h"
#include "net/reply.h"
#include "net/settings.h"

#include <string>

#include <boost/asio/awaitable.hpp>

namespace tutti::net {

bool is_walk_api(const std::string& path);

// Precondition: is_walk_api(target.path). `address`: the peer's.
boost::asio::awaitable<Reply> answer_walk_api(Control& control, const Settings& settings,
                                              const HttpRequest& request,
                                              const protocol::RequestTarget& target, std::string address);

}  // namespace tutti::net
