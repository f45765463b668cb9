// Listens on one address and deals its connections out to the I/O threads in turn. Runs on the first I/O
// thread.
#pragma once

#include "base/result.h"
#include "net/http_session.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tutti::net {

class Acceptor {
 public:
  Acceptor(IoThreads& threads, const Site& site);

  // Binds and listens. Error: the address is in use, not this machine's, or not allowed.
  Result<void> open(const boost::asio::ip::tcp::endpoint& endpoint);
  boost::asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  void start();
  void stop();  // from any thread

 private:
  boost::asio::awaitable<void> accept_all();

  IoThreads& threads_;
  const Site& site_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::size_t next_ = 0;
};

}  // namespace tutti::net
