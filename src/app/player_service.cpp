#include "app/player_service.h"

#include <utility>
#include <vector>

namespace tutti::app {
namespace {

constexpr Duration kLookEvery = std::chrono::seconds(1);

}  // namespace

PlayerService::PlayerService(PlayerSettings settings, PlayerStore& store, TrackLength track_length)
    : settings_(settings), store_(store), track_length_(std::move(track_length)) {}

PlayerService::User* PlayerService::open_room(const std::string& name) {
  const auto found = rooms_.find(name);
  if (found != rooms_.end()) return &found->second;
  if (rooms_.size() >= settings_.max_users) return nullptr;
  User& user = rooms_[name];
  user.room =
      std::make_unique<PlayerRoom>(name, settings_.server, store_, [this, name] { drop_if_idle(name); });
  user.room->reload();
  return &user;
}

void PlayerService::drop_if_idle(const std::string& name) {
  const auto found = rooms_.find(name);
  if (found == rooms_.end() || !found->second.room->is_idle()) return;
  if (found->second.lost_at || found->second.asking) return;
  // `name` may be the room's own, and end with it.
  const auto room = rooms_.extract(found);
  store_.forget(room.key());
}

Result<DeviceId> PlayerService::connect(const std::string& name, std::shared_ptr<PlayerDevice> device) {
  User* user = open_room(name);
  if (!user) return fail("the server has no room for more users; try again later");
  const DeviceId id{++last_device_};
  if (!user->room->add(id, std::move(device))) {
    return fail("this user has too many devices connected; close one");
  }
  user_of_[id] = name;
  if (!user->entered) enter(name, *user);
  return id;
}

void PlayerService::disconnect(DeviceId id, WallTime now) {
  const auto node = user_of_.extract(id);
  if (node.empty()) return;
  const std::string& name = node.mapped();
  User& user = rooms_.at(name);
  user.room->remove(id);
  if (user.room->devices() > 0) return;
  if (!stopping_) {
    user.lost_at = now;
    leave(name, user);
  }
  drop_if_idle(name);
}

void PlayerService::enter(const std::string& name, User& user) {
  user.entered = true;
  store_.enter(name);
}

void PlayerService::leave(const std::string& name, User& user) {
  if (std::exchange(user.asking, true)) return;
  user.entered = false;
  store_.leave(name, [this, name](const Result<bool>& is_last) { on_left(name, is_last); });
}

void PlayerService::on_left(const std::string& name, const Result<bool>& is_last) {
  User& user = rooms_.at(name);
  user.asking = false;
  if (!is_last) return;  // asked again later
  if (user.room->devices() == 0 && user.entered) {
    leave(name, user);  // somebody came and went meanwhile
    return;
  }
  const auto lost_at = std::exchange(user.lost_at, std::nullopt);
  if (*is_last && lost_at && settings_.pause_on_last_disconnect) pause(name, user, *lost_at);
  drop_if_idle(name);
}

void PlayerService::pause(const std::string& name, User& user, WallTime lost_at) {
  user.room->pause_for_loss(lost_at, [this, name, lost_at] { rooms_.at(name).lost_at = lost_at; });
}

void PlayerService::complete(PlayerUpdate& update, WallTime now) const {
  update.accepted_at = now;
  if (auto* track = std::get_if<NewTrack>(&update.change))
    track->track_length = track_length_(track->track_id);
}

void PlayerService::update(DeviceId sender, PlayerUpdate update, std::string text, WallTime now) {
  const auto user = user_of_.find(sender);
  if (user == user_of_.end()) return;
  complete(update, now);
  rooms_.at(user->second)
      .room->submit(sender, std::move(update), std::make_shared<const std::string>(std::move(text)), nullptr);
}

void PlayerService::read(const std::string& name, PlayerRoom::OnReply reply) {
  User* user = open_room(name);
  if (!user) return reply({PlayerReply::Kind::failed, std::nullopt, "the server has no room for more users"});
  user->room->read(std::move(reply));
  drop_if_idle(name);
}

void PlayerService::put(const std::string& name, PlayerUpdate update, WallTime now,
                        PlayerRoom::OnReply reply) {
  User* user = open_room(name);
  if (!user) return reply({PlayerReply::Kind::failed, std::nullopt, "the server has no room for more users"});
  complete(update, now);
  user->room->submit({}, std::move(update), nullptr, std::move(reply));
  drop_if_idle(name);
}

void PlayerService::tick(ServerTime now) {
  if (now < next_look_) return;
  next_look_ = now + kLookEvery;
  std::vector<std::string> unsettled;
  for (auto& [name, user] : rooms_) {
    user.room->tick();
    if (user.lost_at && !user.asking) unsettled.push_back(name);
  }
  for (const auto& name : unsettled) {
    User& user = rooms_.at(name);
    if (user.room->devices() == 0) {
      leave(name, user);
    } else {
      user.lost_at.reset();  // somebody came back while the store was not well
    }
  }
}

void PlayerService::on_changed(const std::string& name, const PlayerChange& change) {
  const auto user = rooms_.find(name);
  if (user == rooms_.end()) return;
  user->second.room->on_changed(change);
  drop_if_idle(name);
}

void PlayerService::on_restored() {
  for (auto& [name, user] : rooms_) {
    if (user.room->devices() > 0) enter(name, user);
    user.room->reload();
  }
}

void PlayerService::on_abandoned(const std::string& name, WallTime lost_at) {
  if (!settings_.pause_on_last_disconnect) return;
  User* user = open_room(name);
  if (!user) return;
  if (user->room->devices() == 0) pause(name, *user, lost_at);
  drop_if_idle(name);
}

}  // namespace tutti::app
