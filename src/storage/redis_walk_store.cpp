#include "storage/redis_walk_store.h"

#include "base/log.h"

#include <chrono>
#include <thread>
#include <utility>

namespace tutti::storage {
namespace {

constexpr auto kWalksKey = "walks";
const std::string kLogKey = "walk_log:";
constexpr auto kSignOfLife = std::chrono::seconds(2);

Result<RedisConnection> connect(const RedisAddress& address) {
  constexpr auto kPatience = std::chrono::seconds(5);
  constexpr auto kPause = std::chrono::milliseconds(200);
  const auto until = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    auto connection = RedisConnection::open(address);
    if (connection || std::chrono::steady_clock::now() > until) return connection;
    std::this_thread::sleep_for(kPause);
  }
}

Result<void> done_by(const Result<RedisReply>& reply) {
  if (!reply) return tl::make_unexpected(reply.error());
  if (reply->is_error()) return fail("Redis answers: " + reply->text);
  return {};
}

}  // namespace

RedisWalkStore::RedisWalkStore(RedisAddress address, Settings settings)
    : address_(address),
      settings_(std::move(settings)),
      commands_(std::move(address), {[](RedisConnection&) { return Result<void>(); },
                                     [this] { save_again(); }, [](const std::string&) {}}) {
  // So that a connection that was lost is made again before it is needed.
  commands_.repeat(
      kSignOfLife, [] { return RedisConnection::Command{"PING"}; }, nullptr);
  commands_.start();
}

Result<std::optional<app::StoredWalk>> RedisWalkStore::load_walk(const std::string& walk) {
  auto connection = connect(address_);
  if (!connection) return tl::make_unexpected(connection.error());
  const auto reply = connection->ask({"HGET", kWalksKey, walk});
  if (const auto done = done_by(reply); !done) return tl::make_unexpected(done.error());
  if (reply->kind == RedisReply::Kind::nothing) return std::nullopt;
  auto kept = settings_.read(reply->text);
  if (kept) return *kept;
  return fail("what Redis has of the walk " + walk + " cannot be read (" + kept.error().message +
              "); remove it with HDEL " + kWalksKey);
}

void RedisWalkStore::save_walk(std::string walk, app::StoredWalk state,
                               std::function<void(Result<void>)> done) {
  std::string text = settings_.write(state);
  {
    const std::lock_guard lock(mutex_);
    newest_[walk] = text;
  }
  commands_.post({"HSET", kWalksKey, std::move(walk), std::move(text)},
                 [this, done = std::move(done)](const Result<RedisReply>& reply) {
                   const auto stored = done_by(reply);
                   if (!stored) {
                     const std::lock_guard lock(mutex_);
                     is_behind_ = true;
                   }
                   done(stored);
                 });
}

Result<app::WalkLog> RedisWalkStore::load_log(const std::string& walk) {
  auto connection = connect(address_);
  if (!connection) return tl::make_unexpected(connection.error());
  const std::string most = std::to_string(kMostEvents);
  const auto reply = connection->ask({"LRANGE", kLogKey + walk, "-" + most, "-1"});
  if (const auto done = done_by(reply); !done) return tl::make_unexpected(done.error());
  app::WalkLog out;
  for (const auto& each : reply->list) {
    // One of a kind that a newer version knows is none for this one.
    if (auto event = settings_.read_event(each.text)) out.events.push_back(std::move(*event));
  }
  return out;
}

void RedisWalkStore::add_to_log(std::string walk, app::WalkLog more, std::function<void(Result<void>)> done) {
  if (more.events.empty()) return done({});
  RedisConnection::Command command{"RPUSH", kLogKey + walk};
  for (auto& event : more.events) {
    event.at = {more.anchor.to_wall(event.at).since_unix_epoch};
    command.push_back(settings_.write_event(event));
  }
  const std::string most = std::to_string(kMostEvents);
  commands_.post(std::move(command),
                 [done = std::move(done)](const Result<RedisReply>& reply) { done(done_by(reply)); });
  commands_.post({"LTRIM", kLogKey + walk, "-" + most, "-1"}, nullptr);
}

// What comes after it is queued behind it.
void RedisWalkStore::save_again() {
  std::map<std::string, std::string> newest;
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(is_behind_, false)) return;
    newest = newest_;
  }
  for (const auto& [walk, text] : newest) {
    commands_.post({"HSET", kWalksKey, walk, text}, [this](const Result<RedisReply>& reply) {
      const auto stored = done_by(reply);
      if (stored) return log::info("the walk is stored again");
      const std::lock_guard again(mutex_);
      is_behind_ = true;
    });
  }
}

}  // namespace tutti::storage
