#include "net/player_access.h"

#include "net/identify.h"
#include "net/io_thread.h"

#include <utility>

namespace tutti::net {

boost::asio::awaitable<tl::expected<std::string, Reply>> find_player_user(
    const HttpRequest& request, const protocol::RequestTarget& target, std::string peer, IoThread& thread) {
  auto verdict = co_await identify(thread.control(), request, target, std::move(peer));
  auto refused = refuse_unless_known(verdict, request);
  if (!refused) co_return std::move(verdict.identity.user);
  if (refused->status == http::status::unauthorized) {
    // The words of the original.
    refused->body = R"({"status":"FAIL","error":"available only to authorized users"})";
  }
  co_return tl::make_unexpected(std::move(*refused));
}

}  // namespace tutti::net
