// A thread that talks to Redis: commands in, answers out in the same order. What has gathered goes out
// together and the answers are read together, so that a round trip is shared. While Redis is away every
// command fails at once, and the connection is tried again every half second.
#pragma once

#include "storage/redis_connection.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace tutti::storage {

class RedisCommands {
 public:
  // Error: not sent, or sent and nobody knows what came of it.
  using Done = std::function<void(Result<RedisReply>)>;
  struct Events {
    // On a fresh connection, before the first command: what to prepare. Error: try again later.
    std::function<Result<void>(RedisConnection&)> prepare;
    std::function<void()> connected;
    std::function<void(const std::string& why)> lost;  // for each attempt that failed too
  };

  RedisCommands(RedisAddress address, Events events);
  ~RedisCommands() { stop(); }
  RedisCommands(const RedisCommands&) = delete;
  RedisCommands& operator=(const RedisCommands&) = delete;

  void start();
  // `done` is called on the thread, once. At most 100,000 wait.
  void post(RedisConnection::Command command, Done done);
  // Every `interval` while connected; a lost connection shows within it.
  void repeat(std::chrono::milliseconds interval, std::function<RedisConnection::Command()> command,
              Done done);
  // Carries out what is queued. Idempotent.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Job {
    RedisConnection::Command command;
    Done done;
  };
  struct Repeated {
    std::chrono::milliseconds interval;
    std::function<RedisConnection::Command()> command;
    Done done;
    Clock::time_point due;
  };

  void run();
  bool wait(std::vector<Job>& jobs);
  void connect_if_due();
  void carry_out(std::vector<Job>& jobs);
  void lose(const Error& error);

  RedisAddress address_;
  Events events_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Job> waiting_;
  bool stopping_ = false;

  // The thread's.
  std::optional<RedisConnection> connection_;
  std::vector<Repeated> repeated_;  // filled before start()
  Clock::time_point next_attempt_{};
  std::string trouble_ = "not connected yet";
  std::thread thread_;
};

}  // namespace tutti::storage
