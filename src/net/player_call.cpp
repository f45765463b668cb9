#include "net/player_call.h"

#include "base/secret.h"
#include "base/utf8.h"
#include "net/await.h"
#include "net/local_address.h"
#include "net/reply.h"
#include "protocol/websocket_handshake.h"

#include <array>
#include <bit>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <fmt/format.h>

namespace tutti::net {
namespace {

namespace beast = boost::beast;
using namespace std::chrono_literals;
using boost::asio::awaitable;
using protocol::sendspin::GoodbyeReason;

constexpr auto kConnectTimeout = 5s, kAnswerTimeout = 5s;

// What a player closes with says no more than that it has gone.
app::CallEnd end_of(std::optional<GoodbyeReason> goodbye, bool is_replaced, std::uint16_t code) {
  using Kind = app::CallEnd::Kind;
  if (is_replaced) return {Kind::replaced, "it has come by another connection"};
  if (!goodbye) return {Kind::lost, fmt::format("the connection has ended ({})", code)};
  switch (*goodbye) {
    case GoodbyeReason::another_server:
      return {Kind::declined, "it plays for another server now"};
    case GoodbyeReason::shutdown:
      return {Kind::declined, "it shuts down"};
    case GoodbyeReason::user_request:
      return {Kind::declined, "its user wishes so"};
    case GoodbyeReason::restart:
      break;
  }
  return {Kind::restart, "it begins anew"};
}

}  // namespace

PlayerCall::PlayerCall(IoThread& thread, app::PlayerAddress address, protocol::sendspin::Session::Self self,
                       Events events)
    : thread_(thread),
      address_(std::move(address)),
      self_(std::move(self)),
      events_(std::move(events)),
      limits_(sendspin_limits()),
      resolver_(thread.context()),
      stream_(Tcp::socket(thread.context())) {}

PlayerCall::~PlayerCall() = default;

void PlayerCall::start() {
  boost::asio::post(thread_.context(), [self = shared_from_this()] {
    boost::asio::co_spawn(self->thread_.context(), self->run(), [self](const std::exception_ptr& thrown) {
      if (thrown) self->finish({app::CallEnd::Kind::lost, "an internal error"});
    });
  });
}

void PlayerCall::hang_up() {
  boost::asio::post(thread_.context(), [self = shared_from_this()] {
    self->is_hung_up_ = true;
    self->resolver_.cancel();
    self->stream_.close();
    if (const auto socket = self->socket_.lock()) socket->close(protocol::kCloseGoingAway, "hung up");
  });
}

awaitable<void> PlayerCall::run() {
  const auto self = shared_from_this();
  if (is_hung_up_ || thread_.is_full()) {
    finish({app::CallEnd::Kind::lost, "all places of this server are taken"});
    co_return;
  }
  const auto reached = co_await reach();
  if (!reached) {
    finish({app::CallEnd::Kind::lost, reached.error().message});
    co_return;
  }
  const auto already_read = co_await upgrade();
  if (!already_read || is_hung_up_) {
    finish({app::CallEnd::Kind::lost, already_read ? "hung up" : already_read.error().message});
    co_return;
  }
  open(*already_read);
}

// Those of its addresses that may be connected to; at least one.
awaitable<Result<std::vector<PlayerCall::Tcp::endpoint>>> PlayerCall::look_up() {
  boost::system::error_code is_name;
  const auto literal = boost::asio::ip::make_address(address_.host, is_name);
  std::vector<Tcp::endpoint> all;
  if (is_name) {
    const auto [unknown, addresses] =
        co_await resolver_.async_resolve(address_.host, std::to_string(address_.port), kAwait);
    for (const auto& each : addresses) all.push_back(each.endpoint());
  } else {
    all.emplace_back(literal, address_.port);
  }
  if (all.empty()) co_return fail("the host " + to_valid_utf8(address_.host) + " is not known");
  const std::string first = all.front().address().to_string();
  std::erase_if(all, [](const auto& endpoint) { return !is_local(endpoint.address()); });
  if (all.empty()) co_return fail(first + " is not an address of the local network");
  std::erase_if(
      all, [this](const auto& endpoint) { return endpoint.address().is_loopback() && !address_.is_here; });
  if (all.empty()) co_return fail("another machine announces " + first + ", which is this one");
  co_return all;
}

awaitable<Result<void>> PlayerCall::reach() {
  const auto endpoints = co_await look_up();
  if (!endpoints) co_return tl::make_unexpected(endpoints.error());
  stream_.expires_after(kConnectTimeout);  // for all of them
  boost::system::error_code error, ignored;
  for (const auto& endpoint : *endpoints) {
    if (is_hung_up_) co_return fail("hung up");
    const auto [failure] = co_await stream_.socket().async_connect(endpoint, kAwait);
    error = failure;
    if (!error || error == boost::asio::error::operation_aborted) break;
    stream_.socket().close(ignored);
  }
  if (error == boost::asio::error::operation_aborted) co_return fail("it does not answer");
  if (error) co_return fail(error.message());
  stream_.socket().native_non_blocking(true, ignored);
  stream_.socket().set_option(Tcp::no_delay(true), ignored);
  co_return Result<void>{};
}

std::string PlayerCall::authority() const {
  const auto scope = address_.host.find('%');  // of this machine's own; nobody else's business
  const std::string host = address_.host.substr(0, scope);
  return fmt::format("{}:{}", host.find(':') == host.npos ? host : "[" + host + "]", address_.port);
}

// What of the WebSocket has come already with the answer.
awaitable<Result<std::string>> PlayerCall::upgrade() {
  const std::array<std::uint64_t, 2> random{random_number(), random_number()};
  const std::string key = protocol::key_of(std::bit_cast<protocol::HandshakeNonce>(random));
  const std::string request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: {}\r\nSec-WebSocket-Version: 13\r\n\r\n",
      address_.path, authority(), thread_.settings().server_name, key);
  stream_.expires_after(kAnswerTimeout);
  const auto bytes = boost::asio::buffer(request);
  const auto [not_sent, sent] = co_await boost::asio::async_write(stream_, bytes, kAwait);
  if (not_sent) co_return fail("it ends the connection");
  beast::flat_buffer buffer(kMostHeadBytes + 64 * 1024);
  http::response_parser<http::empty_body> parser;
  parser.header_limit(kMostHeadBytes);
  const auto [not_read, read] = co_await http::async_read_header(stream_, buffer, parser, kAwait);
  if (not_read) co_return fail("it does not answer as a WebSocket does: " + not_read.message());
  const auto& answer = parser.get();
  const protocol::UpgradeAnswer said{answer.result_int(), answer[http::field::connection],
                                     answer[http::field::upgrade], answer[http::field::sec_websocket_accept],
                                     answer[http::field::sec_websocket_extensions]};
  if (const auto good = protocol::check_answer(said, key); !good) co_return tl::make_unexpected(good.error());
  const auto rest = buffer.cdata();
  co_return std::string(static_cast<const char*>(rest.data()), rest.size());
}

void PlayerCall::open(const std::string& already_read) {
  boost::system::error_code error;
  const auto here = stream_.socket().local_endpoint(error);
  SendspinSocket::Visit visit;
  const std::string host = here.address().to_string();
  visit.base_url =
      fmt::format("http://{}:{}", here.address().is_v6() ? "[" + host + "]" : host, thread_.settings().port);
  visit.caller = shared_from_this();
  Connection connection = stream_.release();
  connection.wire = Wire::masking();
  thread_.open_web_socket(std::move(connection), "", already_read, limits_, [&](WebSocket& socket) {
    socket_ = socket.weak_from_this();
    return std::make_unique<SendspinSocket>(socket, self_, std::move(visit), thread_.sync_feeds(),
                                            thread_.control());
  });
}

void PlayerCall::finish(app::CallEnd end) {
  if (std::exchange(is_over_, true)) return;
  stream_.close();
  events_.over(std::move(end));
}

void PlayerCall::on_up(const std::string& client) { events_.up(client); }

void PlayerCall::on_over(std::optional<GoodbyeReason> goodbye, bool is_replaced, std::uint16_t code) {
  finish(end_of(goodbye, is_replaced, code));
}

}  // namespace tutti::net
