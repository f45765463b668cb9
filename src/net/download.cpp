#include "net/download.h"

#include "net/await.h"
#include "protocol/byte_range.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

namespace tutti::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

constexpr auto kPieceTimeout = 60s;  // a phone with a bad network takes a piece in that time, or comes again
constexpr std::int64_t kPieceBytes = 64 * 1024;
constexpr std::string_view kAssetsPath = "/walk/assets/";

// Resumes with the bytes, fewer than asked for where the file is no longer what it was.
asio::awaitable<Bytes> read_piece(WorkerPool& pool, std::shared_ptr<const app::ByteFile> file,
                                  std::int64_t at, std::int64_t size) {
  auto initiate = [](auto handler, WorkerPool* where, std::shared_ptr<const app::ByteFile> what,
                     std::int64_t begin, std::int64_t most) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    where->post([shared, what = std::move(what), begin, most] {
      Bytes bytes(static_cast<std::size_t>(most));
      bytes.resize(what->read_at(begin, bytes));
      auto home = asio::get_associated_executor(*shared);
      asio::post(home,
                 [shared, bytes = std::move(bytes)]() mutable { std::move (*shared)(std::move(bytes)); });
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void(Bytes)>(initiate, asio::use_awaitable,
                                                                          &pool, std::move(file), at, size);
}

bool names(std::string_view header, std::string_view tag) {
  return header == "*" || header.find(tag) != header.npos;
}

}  // namespace

std::optional<std::string> asset_of(const std::string& path) {
  if (!path.starts_with(kAssetsPath) || path.size() == kAssetsPath.size()) return std::nullopt;
  return path.substr(kAssetsPath.size());
}

DownloadPlan plan_download(const HttpRequest& request, const app::AssetMaker::Made& asset) {
  const std::string tag = "\"" + asset.sha256 + "\"";
  DownloadPlan plan{http::response<http::empty_body>{http::status::ok, request.version()}, 0, asset.bytes};
  auto& head = plan.head;
  head.set(http::field::content_type, "audio/mpeg");
  head.set(http::field::etag, tag);
  head.set(http::field::accept_ranges, "bytes");
  head.set(http::field::cache_control, "no-cache");
  head.set("X-Content-Type-Options", "nosniff");
  const std::string_view known = request[http::field::if_none_match];
  if (!known.empty() && names(known, tag)) {
    head.result(http::status::not_modified);
    plan.length = 0;
    return plan;
  }
  // A part of another version would not fit to what is there already.
  const std::string_view condition = request[http::field::if_range];
  const bool takes_part = condition.empty() || condition == tag;
  const auto range =
      protocol::parse_range(takes_part ? std::string_view(request[http::field::range]) : "", asset.bytes);
  if (range.kind == protocol::ByteRange::Kind::none) {
    head.result(http::status::range_not_satisfiable);
    head.set(http::field::content_range, fmt::format("bytes */{}", asset.bytes));
    plan.length = 0;
  } else if (range.kind == protocol::ByteRange::Kind::part) {
    head.result(http::status::partial_content);
    head.set(http::field::content_range,
             fmt::format("bytes {}-{}/{}", range.first, range.first + range.length - 1, asset.bytes));
    plan.first = range.first;
    plan.length = range.length;
  }
  head.content_length(static_cast<std::uint64_t>(plan.length));
  return plan;
}

asio::awaitable<bool> send_download(ConnectionStream& stream, WorkerPool& pool, TurnsPtr turns,
                                    DownloadPlan plan, std::shared_ptr<const app::ByteFile> file,
                                    bool head_only) {
  stream.expires_after(kPieceTimeout);
  http::response_serializer<http::empty_body> serializer{plan.head};
  const auto [error, written] = co_await http::async_write_header(stream, serializer, kAwait);
  if (error) co_return false;
  const std::int64_t end = plan.first + (head_only ? 0 : plan.length);
  for (std::int64_t at = plan.first; at < end;) {
    const std::int64_t size = std::min(kPieceBytes, end - at);
    stream.expires_after(kPieceTimeout);
    const auto [full] = co_await stream.async_wait_room(kAwait);
    if (full) co_return false;
    co_await turns->take();
    const Bytes bytes = co_await read_piece(pool, file, at, size);
    turns->give_back();
    if (static_cast<std::int64_t>(bytes.size()) != size) co_return false;  // it is gone: they ask again
    // What the socket does not take now is read again.
    stream.expires_after(kPieceTimeout);
    const auto buffer = asio::buffer(bytes);
    const auto [failed, sent] = co_await stream.async_write_some(buffer, kAwait);
    if (failed) co_return false;
    at += static_cast<std::int64_t>(sent);
  }
  co_return true;
}

}  // namespace tutti::net
