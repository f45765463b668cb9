// Asks the server that decides from outside (--auth-url). Its short exchanges run on the control thread's
// executor, without ever blocking it.
#pragma once

#include "app/outside.h"
#include "protocol/auth_exchange.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace tutti::net {

class AuthClient : public app::OutsideJudge {
 public:
  AuthClient(boost::asio::any_io_executor control, protocol::AuthUrl url);
  ~AuthClient() override;

  // 200 with a user: known. 401 and 403: wrong. Everything else, no answer within five seconds, or more than
  // 64 questions at a time: unavailable.
  void judge(Credentials credentials, std::string address, Done done) override;
  // Whoever waits is told that nobody can tell.
  void stop();

 private:
  struct Exchange;
  static boost::asio::awaitable<app::Verdict> ask(std::shared_ptr<Exchange> exchange);
  void finish(std::uint64_t id, app::Verdict verdict, const std::string& trouble);

  boost::asio::any_io_executor control_;
  protocol::AuthUrl url_;
  std::uint64_t next_id_ = 0;
  std::map<std::uint64_t, Done> waiting_;
  // Outlives this in those exchanges that are still under way at the end.
  std::shared_ptr<AuthClient*> self_;
  bool complained_ = false;
};

}  // namespace tutti::net
