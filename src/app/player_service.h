// The players of all users: who is connected, and what becomes of it when the last device is lost. Owned by
// the control thread. A user is in memory while a device is connected or something is under way.
#pragma once

#include "app/player_room.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace tutti::app {

struct PlayerSettings {
  std::uint64_t server = 0;              // of this process, random
  bool pause_on_last_disconnect = true;  // --pause-on-last-disconnect
  std::size_t max_users = 200'000;       // in memory at the same time
};

class PlayerService : public PlayerStore::Events {
 public:
  // How long a track of the library is; nullopt where it knows none of this id.
  using TrackLength = std::function<std::optional<std::chrono::milliseconds>(std::int64_t track_id)>;

  // `store` is to be opened with this as its events.
  PlayerService(PlayerSettings settings, PlayerStore& store, TrackLength track_length);

  // The device is told the state first, then every later change but its own. Error: too many devices of the
  // user, or too many users.
  Result<DeviceId> connect(const std::string& user, std::shared_ptr<PlayerDevice> device);
  void disconnect(DeviceId id, WallTime now);
  // `text` is what the other devices get.
  void update(DeviceId sender, PlayerUpdate update, std::string text, WallTime now);

  // For apps without a connection; the other side of /api/v1/player.
  void read(const std::string& user, PlayerRoom::OnReply reply);
  void put(const std::string& user, PlayerUpdate update, WallTime now, PlayerRoom::OnReply reply);

  // Several times a second.
  void tick(ServerTime now);
  // From now on a device that goes is not lost: the server is.
  void stop() { stopping_ = true; }
  // Why no update can be taken; "" while all is well.
  std::string trouble() const { return store_.trouble(); }
  std::size_t users() const { return rooms_.size(); }
  std::size_t devices() const { return user_of_.size(); }

  void on_changed(const std::string& user, const PlayerChange& change) override;
  void on_restored() override;
  void on_abandoned(const std::string& user, WallTime lost_at) override;

 private:
  struct User {
    std::unique_ptr<PlayerRoom> room;
    std::optional<WallTime> lost_at;  // its last device here; not settled yet
    bool entered = false;             // as the store has been told
    bool asking = false;              // whether it was the last anywhere
  };

  void enter(const std::string& user, User& entered);
  User* open_room(const std::string& user);  // nullptr: there are too many users
  void leave(const std::string& user, User& left);
  void pause(const std::string& user, User& left, WallTime lost_at);
  void on_left(const std::string& user, const Result<bool>& is_last);
  void drop_if_idle(const std::string& user);
  void complete(PlayerUpdate& update, WallTime now) const;

  PlayerSettings settings_;
  PlayerStore& store_;
  TrackLength track_length_;
  std::unordered_map<std::string, User> rooms_;
  std::map<DeviceId, std::string> user_of_;
  std::uint64_t last_device_ = 0;
  ServerTime next_look_;
  bool stopping_ = false;
};

}  // namespace tutti::app
