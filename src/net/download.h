// An asset of a walk as a download: whole or in part, resumable, sent piece by piece as the socket takes it.
// Read on the file pool.
#pragma once

#include "app/walk_assets.h"
#include "base/worker_pool.h"
#include "net/connection_stream.h"
#include "net/reply.h"
#include "net/turns.h"

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>

namespace tutti::net {

// "/walk/assets/forest" → "forest"; nullopt: another path.
std::optional<std::string> asset_of(const std::string& path);

// Head and headers of the answer, and which bytes follow it.
struct DownloadPlan {
  http::response<http::empty_body> head;
  std::int64_t first = 0, length = 0;  // 0: none
};
DownloadPlan plan_download(const HttpRequest& request, const app::AssetMaker::Made& asset);

// Answers a GET or HEAD. True: it is whole, and the connection can go on. `turns`: of the downloads of this
// thread, to have a piece read. Who does not take what is sent holds neither a turn nor a piece.
boost::asio::awaitable<bool> send_download(ConnectionStream& stream, WorkerPool& pool, TurnsPtr turns,
                                           DownloadPlan plan, std::shared_ptr<const app::ByteFile> file,
                                           bool head_only);

}  // namespace tutti::net
