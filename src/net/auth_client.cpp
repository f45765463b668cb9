#include "net/auth_client.h"

#include "base/log.h"
#include "net/await.h"
#include "net/reply.h"

#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace tutti::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using namespace std::chrono_literals;

constexpr auto kTimeout = 5s;  // for all of it
constexpr std::size_t kMostAtATime = 64;
constexpr std::uint64_t kMostAnswerBody = 16 * 1024;

}  // namespace

// One question, on a connection of its own.
struct AuthClient::Exchange {
  Exchange(const asio::any_io_executor& executor, protocol::AuthUrl its_url, std::string question)
      : url(std::move(its_url)),
        body(std::move(question)),
        resolver(executor),
        deadline(executor),
        stream(executor) {}

  protocol::AuthUrl url;
  std::string body;
  asio::ip::tcp::resolver resolver;
  asio::steady_timer deadline;
  beast::tcp_stream stream;
  std::string trouble;  // why nobody could tell
};

AuthClient::AuthClient(asio::any_io_executor control, protocol::AuthUrl url)
    : control_(std::move(control)), url_(std::move(url)), self_(std::make_shared<AuthClient*>(this)) {}

AuthClient::~AuthClient() { *self_ = nullptr; }

void AuthClient::stop() {
  for (auto& [id, done] : std::exchange(waiting_, {})) done(app::Verdict::unavailable());
}

void AuthClient::judge(Credentials credentials, std::string address, Done done) {
  const std::uint64_t id = next_id_++;
  const bool has_room = waiting_.size() < kMostAtATime;
  waiting_.emplace(id, std::move(done));
  const auto self = self_;
  if (!has_room) {
    asio::post(control_, [self, id] {
      if (*self) (*self)->finish(id, app::Verdict::unavailable(), "too many questions at a time");
    });
    return;
  }
  auto exchange = std::make_shared<Exchange>(control_, url_, protocol::auth_question(credentials, address));
  exchange->deadline.expires_after(kTimeout);
  exchange->deadline.async_wait([exchange](const boost::system::error_code& error) {
    if (error) return;
    exchange->resolver.cancel();
    exchange->stream.close();
  });
  asio::co_spawn(control_, ask(exchange),
                 [self, id, exchange](const std::exception_ptr& failure, app::Verdict verdict) {
                   exchange->deadline.cancel();
                   if (failure) verdict = app::Verdict::unavailable();
                   if (*self)
                     (*self)->finish(id, std::move(verdict), failure ? "an exception" : exchange->trouble);
                 });
}

void AuthClient::finish(std::uint64_t id, app::Verdict verdict, const std::string& trouble) {
  if (verdict.kind == app::Verdict::Kind::unavailable) {
    if (!std::exchange(complained_, true)) {
      log::warn("{} decides who may come in, but cannot be asked: {}", url_.authority, trouble);
    }
  } else if (std::exchange(complained_, false)) {
    log::info("{} can be asked again who may come in", url_.authority);
  }
  const auto node = waiting_.extract(id);
  if (node) node.mapped()(std::move(verdict));
}

asio::awaitable<app::Verdict> AuthClient::ask(std::shared_ptr<Exchange> exchange) {
  const protocol::AuthUrl& url = exchange->url;
  beast::tcp_stream& stream = exchange->stream;
  std::string& trouble = exchange->trouble;
  const auto failed = [exchange](const boost::system::error_code& error) {
    exchange->trouble = error == asio::error::operation_aborted ? "no answer in time" : error.message();
    return app::Verdict::unavailable();
  };
  const auto [unresolved, addresses] = co_await exchange->resolver.async_resolve(url.host, url.port, kAwait);
  if (unresolved) co_return failed(unresolved);
  const auto [unconnected, endpoint] = co_await stream.async_connect(addresses, kAwait);
  if (unconnected) co_return failed(unconnected);

  http::request<http::string_body> request{http::verb::post, url.target, 11};
  request.set(http::field::host, url.authority);
  request.set(http::field::content_type, "application/json");
  request.set(http::field::accept, "application/json");
  request.set(http::field::user_agent, "Tutti");
  request.keep_alive(false);
  request.body() = std::move(exchange->body);
  request.prepare_payload();
  const auto [unsent, sent] = co_await http::async_write(stream, request, kAwait);
  if (unsent) co_return failed(unsent);

  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.header_limit(kMostHeadBytes);
  parser.body_limit(kMostAnswerBody);
  const auto [unread, read] = co_await http::async_read(stream, buffer, parser, kAwait);
  if (unread) co_return failed(unread);
  const auto& response = parser.get();
  if (response.result() == http::status::unauthorized || response.result() == http::status::forbidden) {
    co_return app::Verdict::wrong();
  }
  if (response.result() != http::status::ok) {
    trouble = "it answered " + std::to_string(response.result_int());
    co_return app::Verdict::unavailable();
  }
  const auto answer = protocol::parse_auth_answer(response.body());
  if (!answer || !app::check_user_name(answer->user)) {
    trouble = answer ? "its 'user' is no user's name" : answer.error().message;
    co_return app::Verdict::unavailable();
  }
  co_return app::Verdict::known({answer->user, app::known_roles(answer->roles)});
}

}  // namespace tutti::net
