#include "player/connection.h"

#include "base/utf8.h"
#include "player/await.h"
#include "player/patience.h"
#include "player/stamped_stream.h"
#include "player/times.h"
#include "player/tls_client.h"
#include "protocol/small_json.h"

#include <chrono>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

namespace tutti::player {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto kCloseIn = std::chrono::seconds(2);
constexpr std::size_t kMostMessageBytes = 16 << 20;  // the largest that /pcm and /audio know are 8 and 1 MiB

using Plain = websocket::stream<StampedStream>;
using Tls = websocket::stream<TlsStream>;

// Of what was read last.
ClientTime arrived(const Plain& stream) { return stream.next_layer().arrived(); }
// OpenSSL reads the socket itself.
ClientTime arrived(const Tls&) { return client_now(); }

// A plain connection needs no more than TCP.
asio::awaitable<std::optional<Ending>> secure(Plain& stream, const protocol::WebSocketUrl&,
                                              const ConnectionSettings&) {
  stream.next_layer().begin_stamping();
  co_return std::nullopt;
}

asio::awaitable<std::optional<Ending>> secure(Tls& stream, const protocol::WebSocketUrl& url,
                                              const ConnectionSettings& settings) {
  return player::secure(stream.next_layer(), url, settings);
}

// In one line, what a server's JSON says of its refusal; "" where it says nothing.
std::string message_of(const websocket::response_type& response) {
  constexpr std::size_t kLongest = 1000;
  const auto object = protocol::parse_small_object(response.body());
  const auto message = object ? protocol::text_in(*object, "message") : std::nullopt;
  return message ? to_valid_utf8(message->substr(0, kLongest)) : "";
}

// What a server said that did not want to speak WebSocket.
Ending declined(const protocol::WebSocketUrl& url, const websocket::response_type& response) {
  const unsigned status = response.result_int();
  std::string why = "the server at " + url.authority() + " answered " + std::to_string(status) + " " +
                    to_valid_utf8(std::string_view(response.reason()).substr(0, 100)) + " to " + url.path;
  if (status == 401) why += "; this needs a token (--token, or the variable TUTTI_TOKEN)";
  if (status == 404) {
    const std::string reason = message_of(response);
    why += reason.empty() ? "; addresses end in /pcm, /audio, /sendspin or, of a walk, /walk/conduct"
                          : ": " + reason;
    return {Ending::Kind::absent, std::move(why)};
  }
  if (status == 200) why += "; nothing speaks WebSocket at this address";
  return status == 429 || status >= 500 ? Ending::lost(std::move(why)) : Ending::failed(std::move(why));
}

template <class Stream>
asio::awaitable<void> say_goodbye(Stream& stream) {
  websocket::stream_base::timeout timeout{kCloseIn, kCloseIn, false};
  stream.set_option(timeout);
  const websocket::close_reason reason(websocket::close_code::normal);
  static_cast<void>(co_await stream.async_close(reason, kAwait));
}

}  // namespace

void Connection::abort() {
  aborted_ = true;
  if (close_) close_();
}

asio::awaitable<Ending> Connection::hold(Conversation& conversation) {
  if (!url_.is_tls) {
    Plain stream(executor_);
    co_return co_await talk(stream, conversation);
  }
  auto context = tls_context(settings_);
  if (!context) co_return Ending::failed(context.error().message);
  Tls stream(executor_, *context);
  co_return co_await talk(stream, conversation);
}

template <class Stream>
asio::awaitable<Ending> Connection::talk(Stream& stream, Conversation& conversation) {
  beast::tcp_stream& socket = beast::get_lowest_layer(stream);
  struct Closer {
    std::function<void()>& close;
    ~Closer() { close = nullptr; }
  } closer{close_};
  close_ = [&socket] { socket.close(); };

  tcp::resolver resolver(executor_);
  const auto [unknown, addresses] = co_await resolver.async_resolve(url_.host, url_.port, kAwait);
  if (aborted_) co_return Ending{};
  if (unknown)
    co_return Ending::lost("cannot find the host " + to_valid_utf8(url_.host) + ": " + unknown.message());
  socket.expires_after(kConnectIn);
  const auto [refused, endpoint] = co_await socket.async_connect(addresses, kAwait);
  if (aborted_) co_return Ending{};
  if (refused) co_return Ending::lost("cannot connect to " + url_.authority() + ": " + refused.message());
  // Small messages of ours (the request, pongs) are not to wait for others.
  error_code ignored;
  socket.socket().set_option(tcp::no_delay(true), ignored);
  const auto insecure = co_await secure(stream, url_, settings_);
  if (insecure) co_return *insecure;

  socket.expires_never();  // from here on the WebSocket has its own
  websocket::stream_base::timeout timeout{kConnectIn, kSilence, true};
  stream.set_option(timeout);
  stream.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
    request.set(http::field::user_agent, "tutti");
    if (!settings_.token.empty()) request.set(http::field::authorization, "Bearer " + settings_.token);
  }));
  stream.read_message_max(kMostMessageBytes);
  websocket::response_type response;
  const std::string host = url_.authority();
  const std::string target(conversation.target().empty() ? url_.target : conversation.target());
  const auto [not_upgraded] = co_await stream.async_handshake(response, host, target, kAwait);
  if (not_upgraded == websocket::error::upgrade_declined) co_return declined(url_, response);
  if (not_upgraded && not_upgraded.category() == make_error_code(websocket::error::no_upgrade).category()) {
    co_return Ending::failed("what answers at " + host +
                             " does not speak WebSocket: " + not_upgraded.message());
  }
  if (not_upgraded) co_return Ending::lost("no answer from " + host + ": " + not_upgraded.message());

  if (aborted_) co_return Ending{};
  const std::string_view opening = conversation.begin();
  if (!opening.empty()) {
    stream.text(true);
    const auto request = asio::buffer(opening);
    const auto [not_sent, sent] = co_await stream.async_write(request, kAwait);
    if (not_sent) co_return Ending::lost(not_sent.message());
  }
  co_return co_await converse(stream, conversation);
}

template <class Stream>
asio::awaitable<Ending> Connection::converse(Stream& stream, Conversation& conversation) {
  is_speaking_ = true;
  is_over_ = false;
  silence_.expires_at(std::chrono::steady_clock::time_point::max());
  asio::co_spawn(executor_, speak(stream, conversation), [this](const std::exception_ptr& thrown) {
    if (thrown && close_) close_();
    is_speaking_ = false;
    silence_.cancel();
  });
  const Ending ending = co_await hear(stream, conversation);
  is_over_ = true;
  wake_.cancel();
  beast::get_lowest_layer(stream).close();
  while (is_speaking_) static_cast<void>(co_await silence_.async_wait(kAwait));
  co_return ending;
}

template <class Stream>
asio::awaitable<void> Connection::speak(Stream& stream, Conversation& conversation) {
  while (!is_over_) {
    const auto text = conversation.speak();
    if (!text && conversation.has_left()) {
      co_await say_goodbye(stream);
      co_return;
    }
    if (!text) {
      wake_.expires_at(conversation.speaks_at());
      static_cast<void>(co_await wake_.async_wait(kAwait));
      continue;
    }
    stream.text(true);
    const auto message = asio::buffer(*text);
    const auto [broken, sent] = co_await stream.async_write(message, kAwait);
    if (broken) {
      beast::get_lowest_layer(stream).close();
      co_return;
    }
  }
}

template <class Stream>
asio::awaitable<Ending> Connection::hear(Stream& stream, Conversation& conversation) {
  beast::flat_buffer buffer(kMostMessageBytes);
  for (;;) {
    const auto [broken, size] = co_await stream.async_read(buffer, kAwait);
    // Who has said all there was to say does not mind how the connection ends.
    if (aborted_ || (broken && conversation.has_left())) co_return Ending{};
    Result<Conversation::Next> next = Conversation::Next::more;
    if (broken == websocket::error::closed) {
      const websocket::close_reason& reason = stream.reason();
      next = conversation.on_closed(reason.code, std::string(reason.reason.data(), reason.reason.size()));
      if (!next) co_return Ending::failed(next.error().message);
      if (*next == Conversation::Next::done) co_return Ending{};
      co_return Ending::lost("closed by the server");
    }
    if (broken == websocket::error::message_too_big || broken == websocket::error::buffer_overflow) {
      co_return Ending::failed("the server sent a message of more than 16 MiB");
    }
    if (broken) co_return Ending::lost(broken.message());
    const auto* data = static_cast<const std::uint8_t*>(buffer.data().data());
    next = stream.got_text()
               ? conversation.on_text({reinterpret_cast<const char*>(data), size}, arrived(stream))
               : conversation.on_binary({data, size});
    buffer.consume(buffer.size());
    if (stream.got_text()) wake_.cancel();
    if (!next || *next == Conversation::Next::done) {
      co_await say_goodbye(stream);
      co_return next ? Ending{} : Ending::failed(next.error().message);
    }
  }
}

}  // namespace tutti::player
