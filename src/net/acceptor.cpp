#include "net/acceptor.h"

#include "base/log.h"
#include "net/await.h"

#include <netinet/tcp.h>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

namespace tutti::net {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

constexpr int kBacklog = 4096;
// A peer that vanished without a word is gone after this long with data under way to it. So is one that takes
// nothing: long enough for a player that is paused for a moment.
constexpr int kPeerTimeoutMs = 300'000;

asio::awaitable<void> serve(std::unique_ptr<HttpSession> session) { co_await session->run(); }

void begin_session(tcp::socket socket, IoThread& thread, const Site& site) {
  if (thread.is_crowded()) return;  // the socket closes; those who are in time out soon
  asio::co_spawn(thread.context(), serve(std::make_unique<HttpSession>(std::move(socket), thread, site)),
                 [](const std::exception_ptr& failure) {
                   if (!failure) return;
                   try {
                     std::rethrow_exception(failure);
                   } catch (const std::exception& e) {
                     log::warn("a connection ended with an exception: {}", e.what());
                   }
                 });
}

}  // namespace

Acceptor::Acceptor(IoThreads& threads, const Site& site)
    : threads_(threads), site_(site), acceptor_(threads[0].context()), pause_(threads[0].context()) {}

Result<void> Acceptor::open(const tcp::endpoint& endpoint) {
  boost::system::error_code error;
  const auto failed = [&] {
    acceptor_.close();
    return fail("cannot listen on " + endpoint.address().to_string() + " port " +
                std::to_string(endpoint.port()) + ": " + error.message());
  };
  acceptor_.open(endpoint.protocol(), error);
  if (error) return failed();
  acceptor_.set_option(tcp::acceptor::reuse_address(true));
  if (endpoint.address().is_v6()) acceptor_.set_option(asio::ip::v6_only(true));
  // On Linux the accepted sockets inherit these, which saves three system calls per connection.
  acceptor_.set_option(tcp::no_delay(true));
  acceptor_.set_option(asio::socket_base::keep_alive(true));
  ::setsockopt(acceptor_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &kPeerTimeoutMs,
               sizeof kPeerTimeoutMs);
  acceptor_.bind(endpoint, error);
  if (error) return failed();
  acceptor_.listen(kBacklog, error);
  if (error) return failed();
  return {};
}

void Acceptor::start() { asio::co_spawn(threads_[0].context(), accept_all(), asio::detached); }

void Acceptor::stop() {
  asio::post(threads_[0].context(), [this] {
    acceptor_.close();
    pause_.cancel();
  });
}

asio::awaitable<void> Acceptor::accept_all() {
  bool complained = false;
  while (acceptor_.is_open()) {
    IoThread& thread = threads_[next_];
    auto [error, socket] = co_await acceptor_.async_accept(thread.context(), kAwait);
    if (!acceptor_.is_open()) co_return;
    if (error) {
      // Most often the limit of open files: connections wait in the backlog until others have ended.
      if (!std::exchange(complained, true)) log::warn("cannot accept connections: {}", error.message());
      pause_.expires_after(std::chrono::milliseconds(100));
      co_await pause_.async_wait(kAwait);
      continue;
    }
    complained = false;
    next_ = (next_ + 1) % threads_.size();
    // The session registers with its thread, so it is made there.
    asio::post(thread.context(), [&thread, &site = site_, socket = std::move(socket)]() mutable {
      begin_session(std::move(socket), thread, site);
    });
  }
}

}  // namespace tutti::net
