// One connection to Redis, RAII over hiredis. Waits, but never longer than its timeout. Used by one thread.
#pragma once

#include "base/result.h"
#include "storage/redis_address.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct redisContext;

namespace tutti::storage {

struct RedisReply {
  enum class Kind { nothing, text, number, list, error };
  Kind kind = Kind::nothing;
  std::string text;  // of an error too
  std::int64_t number = 0;
  std::vector<RedisReply> list;

  bool is_error() const { return kind == Kind::error; }
};

// From one attempt to connect to the next, for those that keep a connection.
inline constexpr std::chrono::milliseconds kBetweenAttempts{500};

class RedisConnection {
 public:
  using Command = std::vector<std::string>;

  // Connects, signs in, chooses the database. Error: for a person, without secrets.
  static Result<RedisConnection> open(const RedisAddress& address);

  // Queues a command; it is sent with the next receive() or flush().
  void send(const Command& command);
  // The next reply, or message that was subscribed to. Error: the connection is of no use any more.
  Result<RedisReply> receive();
  Result<RedisReply> ask(const Command& command);

  // --- for waiting on several things
  int descriptor() const;
  Result<void> flush();
  // What has come: reads once, without waiting if the descriptor is readable.
  Result<void> read();
  // nullopt: no whole message yet.
  Result<std::optional<RedisReply>> next();

 private:
  struct Free {
    void operator()(redisContext* context) const;
  };
  RedisConnection(redisContext* context, std::string shown) : context_(context), shown_(std::move(shown)) {}
  Result<void> introduce(const RedisAddress& address);
  tl::unexpected<Error> broken() const;

  std::unique_ptr<redisContext, Free> context_;
  std::string shown_;
};

}  // namespace tutti::storage
