// A thread that hears what is published on Redis channels. It keeps its subscriptions through losses of the
// connection, and says so when messages may have been missed.
#pragma once

#include "storage/redis_connection.h"

#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace tutti::storage {

class RedisSubscriber {
 public:
  struct Events {  // on the thread
    std::function<void(const std::string& channel, const std::string& message)> message;
    // All subscriptions are in force (again).
    std::function<void()> connected;
    std::function<void(const std::string& why)> lost;
  };
  // The subscription is in force. Error: Redis is away; it will be, some time after.
  using Done = std::function<void(const Result<void>&)>;

  RedisSubscriber(RedisAddress address, Events events);
  ~RedisSubscriber();
  RedisSubscriber(const RedisSubscriber&) = delete;
  RedisSubscriber& operator=(const RedisSubscriber&) = delete;

  void start();
  void subscribe(std::string channel, Done done);
  void unsubscribe(std::string channel);
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Wish {
    std::string channel;
    bool wanted = true;
    Done done;
  };

  void run();
  void wake();
  void take_wishes();
  void carry_out(Wish& wish);
  void connect();
  void wait();
  void listen();
  void take(const RedisReply& message);
  void acknowledge();
  void lose(const Error& error);

  RedisAddress address_;
  Events events_;
  int wake_ = -1;  // eventfd
  std::mutex mutex_;
  std::vector<Wish> wishes_;
  bool stopping_ = false;

  // The thread's.
  std::optional<RedisConnection> connection_;
  std::set<std::string> channels_;
  std::deque<Done> unacknowledged_;  // one per SUBSCRIBE and UNSUBSCRIBE sent, in order
  Clock::time_point heard_{}, pinged_{}, next_attempt_{};
  std::string trouble_;
  std::thread thread_;
};

}  // namespace tutti::storage
