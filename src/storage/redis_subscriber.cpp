#include "storage/redis_subscriber.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace tutti::storage {
namespace {

using namespace std::chrono_literals;

constexpr auto kPingAfter = 2s;
constexpr auto kDeadAfter = 5s;
constexpr int kTickMs = 500;

}  // namespace

RedisSubscriber::RedisSubscriber(RedisAddress address, Events events)
    : address_(std::move(address)),
      events_(std::move(events)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

RedisSubscriber::~RedisSubscriber() {
  stop();
  if (wake_ >= 0) ::close(wake_);
}

void RedisSubscriber::start() {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "redis-news");
    run();
  });
}

void RedisSubscriber::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake();
  if (thread_.joinable()) thread_.join();
}

void RedisSubscriber::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

void RedisSubscriber::subscribe(std::string channel, Done done) {
  {
    const std::lock_guard lock(mutex_);
    wishes_.push_back({std::move(channel), true, std::move(done)});
  }
  wake();
}

void RedisSubscriber::unsubscribe(std::string channel) {
  {
    const std::lock_guard lock(mutex_);
    wishes_.push_back({std::move(channel), false, nullptr});
  }
  wake();
}

void RedisSubscriber::run() {
  for (;;) {
    if (!connection_ && Clock::now() >= next_attempt_) connect();
    take_wishes();
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    wait();
  }
}

void RedisSubscriber::take_wishes() {
  std::vector<Wish> wishes;
  {
    const std::lock_guard lock(mutex_);
    wishes = std::exchange(wishes_, {});
  }
  for (auto& wish : wishes) carry_out(wish);
  if (!connection_) return;
  if (const auto sent = connection_->flush(); !sent) lose(sent.error());
}

void RedisSubscriber::carry_out(Wish& wish) {
  const bool has = channels_.contains(wish.channel);
  if (wish.wanted) channels_.insert(wish.channel);
  if (!wish.wanted) channels_.erase(wish.channel);
  if (!connection_) {
    if (wish.done) wish.done(fail(trouble_));
    return;
  }
  // Again is harmless, and its acknowledgement comes after that of the first.
  if (!wish.wanted && !has) return;
  connection_->send({wish.wanted ? "SUBSCRIBE" : "UNSUBSCRIBE", wish.channel});
  unacknowledged_.push_back(std::move(wish.done));
}

void RedisSubscriber::connect() {
  next_attempt_ = Clock::now() + kBetweenAttempts;
  auto connection = RedisConnection::open(address_);
  if (!connection) {
    trouble_ = connection.error().message;
    events_.lost(trouble_);
    return;
  }
  connection_ = std::move(*connection);
  heard_ = pinged_ = Clock::now();
  // The last acknowledgement says that all are in force. A channel of our own makes sure that there is one.
  for (const auto& channel : channels_) {
    connection_->send({"SUBSCRIBE", channel});
    unacknowledged_.emplace_back();
  }
  connection_->send({"SUBSCRIBE", "tutti:awake"});
  unacknowledged_.emplace_back([this](const Result<void>& result) {
    if (result) events_.connected();
  });
}

void RedisSubscriber::wait() {
  std::array<pollfd, 2> files{
      {{wake_, POLLIN, 0}, {connection_ ? connection_->descriptor() : -1, POLLIN, 0}}};
  ::poll(files.data(), files.size(), kTickMs);
  std::uint64_t count = 0;
  [[maybe_unused]] const auto woken = ::read(wake_, &count, sizeof count);
  if (!connection_) return;
  if ((files[1].revents & (POLLIN | POLLHUP | POLLERR)) != 0) listen();
  if (!connection_) return;
  const auto now = Clock::now();
  if (now - heard_ > kDeadAfter) return lose({"Redis at " + address_.shown() + ": no answer"});
  if (now - heard_ > kPingAfter && now - pinged_ > kPingAfter) {
    pinged_ = now;
    connection_->send({"PING"});
  }
}

void RedisSubscriber::listen() {
  if (const auto read = connection_->read(); !read) return lose(read.error());
  heard_ = Clock::now();
  while (connection_) {
    const auto message = connection_->next();
    if (!message) return lose(message.error());
    if (!*message) return;
    take(**message);
  }
}

// ["message", channel, text], ["subscribe", channel, count], ["unsubscribe", channel, count], ["pong", ""]
void RedisSubscriber::take(const RedisReply& message) {
  if (message.is_error()) return lose({"Redis at " + address_.shown() + " answers: " + message.text});
  if (message.list.size() != 3) return;
  const std::string& kind = message.list[0].text;
  if (kind == "message") {
    events_.message(message.list[1].text, message.list[2].text);
  } else if ((kind == "subscribe" || kind == "unsubscribe") && !unacknowledged_.empty()) {
    acknowledge();
  }
}

void RedisSubscriber::acknowledge() {
  const auto done = std::move(unacknowledged_.front());
  unacknowledged_.pop_front();
  if (done) done({});
}

void RedisSubscriber::lose(const Error& error) {
  connection_.reset();
  trouble_ = error.message;
  for (const auto& done : std::exchange(unacknowledged_, {})) {
    if (done) done(tl::make_unexpected(error));
  }
  events_.lost(trouble_);
}

}  // namespace tutti::storage
