#include "player/reception.h"

#include "player/await.h"
#include "player/patience.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

namespace tutti::player {

namespace asio = boost::asio;

namespace {

constexpr auto kPartIn = std::chrono::milliseconds(500);

std::string in_seconds(Duration duration) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(duration.count()) / 1e6);
  return text;
}

}  // namespace

Reception::Reception(const protocol::WebSocketUrl& url, const ConnectionSettings& settings,
                     RetryPolicy policy, Conversation& conversation, Terminal& terminal,
                     std::function<void()> ended)
    : signals_(context_, SIGINT, SIGTERM),
      timer_(context_),
      parting_(context_),
      connection_(context_.get_executor(), url, settings),
      policy_(policy),
      conversation_(conversation),
      terminal_(terminal),
      ended_(std::move(ended)),
      backoff_(kFirstWait, kLongestWait) {}

void Reception::run() {
  signals_.async_wait([this](boost::system::error_code error, int) {
    if (error) return;
    signals_.clear();  // the next one has its usual effect
    part();
  });
  asio::co_spawn(context_, receive(), [this](const std::exception_ptr& thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      failure_ = Failure{1, e.what()};
    }
    parting_.cancel();
    conversation_.finish();
    ended_();
  });
  context_.run();
}

void Reception::part() {
  interrupted_ = true;
  conversation_.cancel();
  if (conversation_.leave()) {
    connection_.wake();
    parting_.expires_after(kPartIn);
    parting_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      finish();
      ended_();
    });
    return;
  }
  finish();
  ended_();  // at once: a name that is being looked up cannot be stopped
}

void Reception::leave() {
  asio::post(context_, [this] { part(); });
}

void Reception::post(std::function<void()> task) {
  asio::post(context_, [this, task = std::move(task)] {
    task();
    connection_.wake();
  });
}

void Reception::stop() {
  asio::post(context_, [this] {
    boost::system::error_code ignored;
    signals_.cancel(ignored);
    finish();
  });
}

void Reception::finish() {
  stopping_ = true;
  timer_.cancel();
  parting_.cancel();
  connection_.abort();
}

namespace {

bool is_final(const Ending& ending) {
  return ending.kind == Ending::Kind::failed || ending.kind == Ending::Kind::absent;
}

}  // namespace

asio::awaitable<void> Reception::receive() {
  for (;;) {
    const Ending ending = co_await connection_.hold(conversation_);
    if (stopping_ || interrupted_ || ending.kind == Ending::Kind::done) co_return;
    const bool again = co_await try_again(ending);
    if (stopping_) co_return;
    if (!again) {
      constexpr int kWrong = 2;  // as for a wrong address
      failure_ = Failure{ending.kind == Ending::Kind::absent ? kWrong : 1, ending.why};
      co_return;
    }
  }
}

asio::awaitable<bool> Reception::try_again(const Ending& ending) {
  // Who never got through hears at once that the address is wrong or the server is down.
  if (is_final(ending) || !conversation_.has_begun() || !policy_.is_on) co_return false;
  if (conversation_.progress() > progress_) {
    progress_ = conversation_.progress();
    attempts_ = 0;
    backoff_.reset();
  }
  if (policy_.most > 0 && attempts_ >= policy_.most) co_return false;
  ++attempts_;
  const Duration wait = backoff_.next(std::uniform_real_distribution<double>(0, 1)(random_));
  const std::string consequence = conversation_.consequence();
  terminal_.say("tutti: the connection was lost (" + ending.why + "); trying again in " + in_seconds(wait) +
                (consequence.empty() ? "" : ": " + consequence));
  timer_.expires_after(wait);
  static_cast<void>(co_await timer_.async_wait(kAwait));
  co_return true;
}

}  // namespace tutti::player
