#include "storage/redis_commands.h"

#include <algorithm>
#include <pthread.h>
#include <utility>

namespace tutti::storage {
namespace {

constexpr std::size_t kMostWaiting = 100'000;
constexpr std::size_t kMostTogether = 1000;

}  // namespace

RedisCommands::RedisCommands(RedisAddress address, Events events)
    : address_(std::move(address)), events_(std::move(events)) {}

void RedisCommands::start() {
  thread_ = std::thread([this] { run(); });
}

void RedisCommands::post(RedisConnection::Command command, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && waiting_.size() < kMostWaiting) {
      waiting_.push_back({std::move(command), std::move(done)});
      changed_.notify_one();
      return;
    }
  }
  if (done) done(fail("Redis has too much to do"));
}

void RedisCommands::repeat(std::chrono::milliseconds interval,
                           std::function<RedisConnection::Command()> command, Done done) {
  repeated_.push_back({interval, std::move(command), std::move(done), {}});
}

void RedisCommands::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void RedisCommands::run() {
  pthread_setname_np(pthread_self(), "redis");
  std::vector<Job> jobs;
  while (wait(jobs)) {
    connect_if_due();
    const auto now = Clock::now();
    for (auto& each : repeated_) {
      if (!connection_ || each.due > now) continue;
      each.due = now + each.interval;
      jobs.push_back({each.command(), each.done});
    }
    carry_out(jobs);
  }
}

// Also ends when something else is due. False: stopped, and nothing is left to do.
bool RedisCommands::wait(std::vector<Job>& jobs) {
  std::unique_lock lock(mutex_);
  auto until = Clock::now() + kBetweenAttempts;
  if (!connection_) until = std::min(until, next_attempt_);
  for (const auto& each : repeated_) {
    if (connection_) until = std::min(until, each.due);
  }
  changed_.wait_until(lock, until, [this] { return stopping_ || !waiting_.empty(); });
  if (stopping_ && waiting_.empty()) return false;
  const std::size_t count = std::min(waiting_.size(), kMostTogether);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
  jobs.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return true;
}

void RedisCommands::connect_if_due() {
  if (connection_ || Clock::now() < next_attempt_) return;
  auto connection = RedisConnection::open(address_);
  auto prepared = connection ? events_.prepare(*connection) : tl::make_unexpected(connection.error());
  next_attempt_ = Clock::now() + kBetweenAttempts;
  if (!prepared) {
    trouble_ = prepared.error().message;
    events_.lost(trouble_);
    return;
  }
  connection_ = std::move(*connection);
  for (auto& each : repeated_) each.due = {};
  events_.connected();
}

void RedisCommands::carry_out(std::vector<Job>& jobs) {
  if (connection_) {
    for (const auto& job : jobs) connection_->send(job.command);
  }
  for (auto& job : jobs) {
    if (!connection_) {
      if (job.done) job.done(fail(trouble_));
      continue;
    }
    auto reply = connection_->receive();
    if (!reply) lose(reply.error());
    // Somebody has emptied Redis' cache of scripts: prepare again.
    if (reply && reply->is_error() && reply->text.starts_with("NOSCRIPT"))
      lose({"Redis answers: " + reply->text});
    if (job.done) job.done(std::move(reply));
  }
  jobs.clear();
}

void RedisCommands::lose(const Error& error) {
  connection_.reset();
  next_attempt_ = Clock::now();
  trouble_ = error.message;
  events_.lost(trouble_);
}

}  // namespace tutti::storage
