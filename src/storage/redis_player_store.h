// The players' states in Redis, shared by any number of servers (docs/decisions/007-player-state-order.md):
//
//   hash player_states             user → state as JSON, as the original kept it
//   channel player_states:USER     what the servers tell each other: origin, state, the device's words
//   channel USER                   the device's words, as the original published them
//   set player_devices:USER        servers that have a device of the user
//   set player_users:SERVER        the same the other way round, for when a server dies
//   sorted set player_servers      server → when it was last alive
//
// An update is one script: compare the revision, store, publish. Servers put the changes in order by
// revision.
#pragma once

#include "app/player_store.h"
#include "storage/redis_commands.h"
#include "storage/redis_subscriber.h"

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace tutti::storage {

class RedisPlayerStore : public app::PlayerStore {
 public:
  struct Settings {
    std::uint64_t server = 0;  // of this process, random
    // State to JSON and back (protocol/player_wire.h).
    std::function<std::string(const PlayerState&)> write;
    std::function<Result<PlayerState>(const std::string&)> read;
    // A server without a sign of life for so long has lost its users.
    std::chrono::milliseconds grace = std::chrono::seconds(45);
  };

  RedisPlayerStore(RedisAddress address, Settings settings);
  ~RedisPlayerStore() override;

  void open(Events& events, Post post) override;
  void close() override;
  void load(const std::string& user, OnLoaded done) override;
  void forget(const std::string& user) override;
  void save(const std::string& user, std::optional<std::uint64_t> expected,
            std::vector<app::PlayerChange> changes, OnSaved done) override;
  void enter(const std::string& user) override;
  void leave(const std::string& user, OnLeft done) override;
  std::string trouble() const override;

 private:
  enum class Script { save, beat, leave, sweep };
  // Of one of the two connections; control's.
  struct Health {
    bool is_well = false;
    std::string why = "connecting to Redis";
  };

  Result<void> prepare(RedisConnection& connection);
  void warn_unless_durable(RedisConnection& connection);
  RedisConnection::Command call(Script script, std::vector<std::string> keys,
                                std::vector<std::string> arguments);
  void fetch(const std::string& user, OnLoaded done);
  Result<std::optional<PlayerState>> read_state(const std::string& user,
                                                const Result<RedisReply>& reply) const;
  void on_message(const std::string& channel, const std::string& message);
  void on_swept(const RedisReply& reply);
  void set_well(Health& health);
  void set_lost(Health& health, const std::string& why);
  std::string envelope(const app::PlayerChange& change) const;

  Settings settings_;
  std::string name_;  // of this server, in Redis
  Events* events_ = nullptr;
  Post post_;
  Health commands_health_, news_health_;
  std::chrono::steady_clock::time_point opened_;
  std::mutex scripts_mutex_;  // prepared on the command thread, used on control
  std::vector<std::string> digests_;
  RedisCommands commands_;
  RedisSubscriber news_;
};

}  // namespace tutti::storage
