// From a request for a mounted path to the head of its 101, or to the reason why not.
#pragma once

#include "net/web_socket_mounts.h"

#include <string>
#include <vector>

namespace tutti::net {

// The whole head of the 101, up to and with the empty line. Else the reply: plain requests, wrong methods,
// handshakes that are not proper, and pages of other sites where the mount cares.
tl::expected<std::string, Reply> check_upgrade(const HttpRequest& request, const std::string& path,
                                               const WebSocketMount& mount,
                                               const std::vector<std::string>& allowed_origins);

}  // namespace tutti::net
