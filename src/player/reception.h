// The network's side of listening: makes the connection, makes it again when it is lost, and hears the
// signals that end the program. Everything happens on the thread that calls run().
#pragma once

#include "base/backoff.h"
#include "player/connection.h"
#include "player/conversation.h"
#include "player/failure.h"
#include "player/terminal.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tutti::player {

// What to do about lost connections.
struct RetryPolicy {
  bool is_on = true;
  int most = 10;  // attempts in a row that brought nothing new; 0: no bound
};

class Reception {
 public:
  // `ended` is called, on the network's thread, when nothing more will arrive.
  Reception(const protocol::WebSocketUrl& url, const ConnectionSettings& settings, RetryPolicy policy,
            Conversation& conversation, Terminal& terminal, std::function<void()> ended);

  // Until stop(). SIGINT and SIGTERM end what is under way; a second one ends the process.
  void run();
  // Any thread.
  void stop();
  // Any thread: as a signal does, ends what is under way.
  void leave();
  // Any thread: runs `task` on the network's thread, and then asks the conversation what it has to say.
  void post(std::function<void()> task);
  // Any thread: whether a signal asked for an end.
  const std::atomic<bool>& is_interrupted() const { return interrupted_; }
  // After run(): why not everything arrived.
  const std::optional<Failure>& failure() const { return failure_; }

 private:
  boost::asio::awaitable<void> receive();
  // Whether there is to be another attempt; waits for its time.
  boost::asio::awaitable<bool> try_again(const Ending& ending);
  void part();
  void finish();

  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer parting_;
  Connection connection_;
  RetryPolicy policy_;
  Conversation& conversation_;
  Terminal& terminal_;
  std::function<void()> ended_;
  Backoff backoff_;
  std::minstd_rand random_{std::random_device{}()};
  int attempts_ = 0;
  std::int64_t progress_ = 0;  // of the conversation, when last looked at
  bool stopping_ = false;
  std::atomic<bool> interrupted_{false};
  std::optional<Failure> failure_;
};

}  // namespace tutti::player
