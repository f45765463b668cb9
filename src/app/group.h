// A group of players in sync: what it plays, and what its members may do to that. A station is one; so is
// what some players hear together that have a timeline of their own. Owned by the control thread.
#pragma once

#include "app/group_client.h"
#include "app/programmed.h"

#include <cstddef>
#include <string>
#include <utility>

namespace tutti::app {

class Group {
 public:
  Group(std::string id, std::string name) : id_(std::move(id)), name_(std::move(name)) {}
  virtual ~Group() = default;
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  const std::string& id() const { return id_; }
  const std::string& name() const { return name_; }
  GroupView view() const { return {timeline(), id_, name_, is_playing()}; }

  // What audio is made of; another number, other audio. nullptr: there is nothing to hear.
  virtual std::uint32_t timeline() const = 0;
  virtual Programmed* programme() = 0;
  // Some times a second while it has members: at what plays now. The others are as of the last look.
  virtual void look(ServerTime now) = 0;
  virtual bool is_playing() const = 0;
  virtual const NowPlayingPtr& playing() const = 0;  // null: nothing has ever been

  virtual GroupRights rights(bool is_operator) const = 0;
  // What the member's rights allow; the rest is passed over.
  virtual void act(GroupAction action, bool is_operator, ServerTime now) = 0;

  // Who is in it.
  std::size_t members() const { return members_; }
  std::size_t players() const { return players_; }
  void enter(bool is_player, ServerTime now) { count(is_player, 1, now); }
  void leave(bool is_player, ServerTime now) { count(is_player, -1, now); }

  // Whoever has left last has gone to another group, and does not come back by itself.
  virtual void abandon(ServerTime) {}

  // What the members have been told, and whether their volumes have changed since.
  GroupView told;
  NowPlayingPtr told_playing;
  bool has_new_controls = false;

 protected:
  void rename(std::string name) { name_ = std::move(name); }
  virtual void on_players(ServerTime now) = 0;  // there are others than before

 private:
  void count(bool is_player, int change, ServerTime now) {
    members_ += static_cast<std::size_t>(change);
    if (!is_player) return;
    players_ += static_cast<std::size_t>(change);
    has_new_controls = true;
    on_players(now);
  }

  std::string id_, name_;
  std::size_t members_ = 0, players_ = 0;
};

// Whether what was told of what plays lets a client reckon what plays now.
bool is_told(const NowPlayingPtr& told, const NowPlaying& now);

}  // namespace tutti::app
