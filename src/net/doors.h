// The doors that need a key: what is asked of the sign-in API and of an operator, and listening where it is
// closed.
#pragma once

#include "net/auth_api.h"
#include "net/settings.h"

#include <optional>

namespace tutti::net {

// Whether the path is one of the sign-in API's or an operator's.
bool is_door(const std::string& path);

// Precondition: is_door(target.path).
boost::asio::awaitable<Reply> answer_door(Control& control, const Settings& settings,
                                          const HttpRequest& request, const protocol::RequestTarget& target,
                                          Peer peer);

// nullopt: they have the role listener.
boost::asio::awaitable<std::optional<Reply>> refuse_unless_listener(Control& control,
                                                                    const HttpRequest& request,
                                                                    const protocol::RequestTarget& target,
                                                                    std::string address);

}  // namespace tutti::net
