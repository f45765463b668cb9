#include "storage/redis_connection.h"

#include <algorithm>
#include <hiredis/hiredis.h>
#include <sys/time.h>
#include <utility>

namespace tutti::storage {
namespace {

constexpr timeval kConnectTimeout{1, 0};
constexpr timeval kReplyTimeout{2, 0};
constexpr std::size_t kDeepest = 4;

RedisReply converted(const redisReply& reply, std::size_t depth = 0) {
  RedisReply out;
  switch (reply.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      out.kind = RedisReply::Kind::text;
      out.text.assign(reply.str, static_cast<std::size_t>(reply.len));
      break;
    case REDIS_REPLY_ERROR:
      out.kind = RedisReply::Kind::error;
      out.text.assign(reply.str, static_cast<std::size_t>(reply.len));
      break;
    case REDIS_REPLY_INTEGER:
      out.kind = RedisReply::Kind::number;
      out.number = reply.integer;
      break;
    case REDIS_REPLY_ARRAY:
      out.kind = RedisReply::Kind::list;
      if (depth >= kDeepest) break;
      for (std::size_t i = 0; i < reply.elements; ++i)
        out.list.push_back(converted(*reply.element[i], depth + 1));
      break;
    default:
      break;
  }
  return out;
}

}  // namespace

void RedisConnection::Free::operator()(redisContext* context) const { redisFree(context); }

tl::unexpected<Error> RedisConnection::broken() const {
  const bool timed_out = context_->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK);
  const std::string why = timed_out ? "no answer" : context_->errstr;
  return fail("Redis at " + shown_ + ": " + why);
}

Result<RedisConnection> RedisConnection::open(const RedisAddress& address) {
  RedisConnection connection(redisConnectWithTimeout(address.host.c_str(), address.port, kConnectTimeout),
                             address.shown());
  if (!connection.context_) return fail("Redis at " + address.shown() + ": out of memory");
  if (connection.context_->err != 0) return connection.broken();
  redisSetTimeout(connection.context_.get(), kReplyTimeout);
  if (auto done = connection.introduce(address); !done) return tl::make_unexpected(done.error());
  return connection;
}

Result<void> RedisConnection::introduce(const RedisAddress& address) {
  std::vector<Command> commands;
  if (!address.password.empty() && address.user.empty()) commands.push_back({"AUTH", address.password});
  if (!address.password.empty() && !address.user.empty()) {
    commands.push_back({"AUTH", address.user, address.password});
  }
  commands.push_back({"SELECT", std::to_string(address.database)});
  commands.push_back({"PING"});  // an error while Redis still reads its data
  for (const auto& command : commands) {
    const auto reply = ask(command);
    if (!reply) return tl::make_unexpected(reply.error());
    if (reply->is_error()) return fail("Redis at " + shown_ + " answers: " + reply->text);
  }
  return {};
}

void RedisConnection::send(const Command& command) {
  std::vector<const char*> words;
  std::vector<std::size_t> lengths;
  for (const auto& word : command) {
    words.push_back(word.data());
    lengths.push_back(word.size());
  }
  redisAppendCommandArgv(context_.get(), static_cast<int>(words.size()), words.data(), lengths.data());
}

Result<RedisReply> RedisConnection::receive() {
  void* raw = nullptr;
  if (redisGetReply(context_.get(), &raw) != REDIS_OK) return broken();
  const std::unique_ptr<redisReply, decltype(&freeReplyObject)> reply(static_cast<redisReply*>(raw),
                                                                      freeReplyObject);
  return converted(*reply);
}

Result<RedisReply> RedisConnection::ask(const Command& command) {
  send(command);
  return receive();
}

int RedisConnection::descriptor() const { return context_->fd; }

Result<void> RedisConnection::flush() {
  for (int done = 0; done == 0;) {
    if (redisBufferWrite(context_.get(), &done) != REDIS_OK) return broken();
  }
  return {};
}

Result<void> RedisConnection::read() {
  if (redisBufferRead(context_.get()) != REDIS_OK) return broken();
  return {};
}

Result<std::optional<RedisReply>> RedisConnection::next() {
  void* raw = nullptr;
  if (redisGetReplyFromReader(context_.get(), &raw) != REDIS_OK) return broken();
  if (!raw) return std::nullopt;
  const std::unique_ptr<redisReply, decltype(&freeReplyObject)> reply(static_cast<redisReply*>(raw),
                                                                      freeReplyObject);
  return converted(*reply);
}

}  // namespace tutti::storage
