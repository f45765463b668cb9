#include "player/asset_request.h"

#include "player/await.h"
#include "player/patience.h"
#include "player/tls_client.h"

#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace tutti::player {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using Request = http::request<http::empty_body>;
using Parser = http::response_parser<http::buffer_body>;

Request request_of(const protocol::WebSocketUrl& server, const ConnectionSettings& settings,
                   const WantedFile& wanted, std::int64_t have) {
  Request request(http::verb::get, wanted.url, 11);
  request.set(http::field::host, server.authority());
  request.set(http::field::user_agent, "tutti");
  request.set(http::field::connection, "close");
  if (!settings.token.empty()) request.set(http::field::authorization, "Bearer " + settings.token);
  if (have > 0) {
    request.set(http::field::range, "bytes=" + std::to_string(have) + "-");
    request.set(http::field::if_range, "\"" + wanted.sha256 + "\"");
  }
  return request;
}

// Whether what follows belongs behind what is in `file`; makes it so where it is all of it.
Result<void> check(const http::response_header<>& head, const WantedFile& wanted, PartialFile& file) {
  const std::string what = "the server's " + wanted.url;
  const auto tag = head.find(http::field::etag);
  if (tag != head.end() && tag->value() != "\"" + wanted.sha256 + "\"")
    return fail(what + " is another file by now");
  if (head.result() == http::status::ok) return file.clear();
  if (head.result() != http::status::partial_content) {
    return fail(what + " is answered " + std::to_string(head.result_int()));
  }
  const std::string begin = "bytes " + std::to_string(file.have()) + "-";
  if (!head[http::field::content_range].starts_with(begin)) return fail(what + " comes from another place");
  return {};
}

template <class Stream>
asio::awaitable<Result<void>> transfer(Stream& stream, Request request, const WantedFile& wanted,
                                       PartialFile& file, const std::function<void()>& more) {
  constexpr std::size_t kPiece = 128 * 1024;
  auto& socket = beast::get_lowest_layer(stream);
  socket.expires_after(kSilence);
  const auto [not_sent, sent] = co_await http::async_write(stream, request, kAwait);
  if (not_sent) co_return fail("the request was not taken: " + not_sent.message());
  Parser parser;
  parser.body_limit(static_cast<std::uint64_t>(wanted.bytes));
  beast::flat_buffer buffer(kPiece);
  const auto [no_head, head_size] = co_await http::async_read_header(stream, buffer, parser, kAwait);
  if (no_head) co_return fail("no answer: " + no_head.message());
  if (auto fits = check(parser.get(), wanted, file); !fits) co_return fits;
  std::vector<std::uint8_t> piece(kPiece);
  while (!parser.is_done()) {
    auto& body = parser.get().body();
    body.data = piece.data();
    body.size = piece.size();
    socket.expires_after(kSilence);
    const auto [error, size] = co_await http::async_read(stream, buffer, parser, kAwait);
    const std::size_t got = piece.size() - parser.get().body().size;
    if (file.have() + static_cast<std::int64_t>(got) > wanted.bytes)
      co_return fail("more came than was promised");
    if (auto stored = file.append(std::span(piece).first(got)); !stored) co_return stored;
    if (got > 0) more();
    if (error && error != http::error::need_buffer) co_return fail("it broke off: " + error.message());
  }
  if (file.have() == wanted.bytes) co_return Result<void>();
  co_return fail("less came than was promised");
}

}  // namespace

asio::awaitable<Result<void>> bring(const protocol::WebSocketUrl& server, const ConnectionSettings& settings,
                                    const WantedFile& wanted, PartialFile& file, std::function<void()> more) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  const auto [unknown, addresses] = co_await resolver.async_resolve(server.host, server.port, kAwait);
  if (unknown) co_return fail("cannot find the host " + server.host + ": " + unknown.message());
  beast::tcp_stream socket(executor);
  socket.expires_after(kConnectIn);
  const auto [refused, endpoint] = co_await socket.async_connect(addresses, kAwait);
  if (refused) co_return fail("cannot connect to " + server.authority() + ": " + refused.message());
  Request request = request_of(server, settings, wanted, file.have());
  if (!server.is_tls) co_return co_await transfer(socket, std::move(request), wanted, file, more);
  auto context = tls_context(settings);
  if (!context) co_return tl::make_unexpected(context.error());
  TlsStream stream(std::move(socket), *context);
  const auto insecure = co_await secure(stream, server, settings);
  if (insecure) co_return fail(insecure->why);
  co_return co_await transfer(stream, std::move(request), wanted, file, more);
}

}  // namespace tutti::player
