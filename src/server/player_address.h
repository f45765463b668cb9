// `--connect-player ws://host:port/path`, and what of it may be asked for at all.
#pragma once

#include "app/player_caller.h"
#include "base/result.h"

#include <string>
#include <string_view>

namespace tutti::server {

// `text` as a user types it; without a path /sendspin, without a port 8928. Error: it is no such address, or
// asks for TLS, which players do not speak.
Result<app::PlayerAddress> parse_player_address(const std::string& text);

// What may stand in a request's first line: begins with '/', without spaces and control characters, of
// bounded length.
bool is_player_path(std::string_view path);

}  // namespace tutti::server
