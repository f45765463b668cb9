// Brings what is missing of one file over HTTP(S): from where it broke off.
#pragma once

#include "base/result.h"
#include "player/asset_cache.h"
#include "player/connection.h"

#include <cstdint>
#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace tutti::player {

struct WantedFile {
  std::string url;  // path and query on the server
  std::int64_t bytes = 0;
  std::string sha256;
};

// Until all of it is in `file`, whose hash is not looked at. `more` is called whenever something has come.
// Error: why not. A file on the server that is another one by now is an error too.
boost::asio::awaitable<Result<void>> bring(const protocol::WebSocketUrl& server,
                                           const ConnectionSettings& settings, const WantedFile& wanted,
                                           PartialFile& file, std::function<void()> more);

}  // namespace tutti::player
