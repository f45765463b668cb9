// Who a player is: the same each time it is started, so that a server gives it back its group and volume, and
// another one for each that runs at the same time.
#pragma once

#include "base/result.h"

#include <string>

namespace tutti::player {

class PlayerIdentity {
 public:
  // The first identity for players of this name that no running player has; a new one where all are taken.
  // `folder`: where they are kept, "" is $XDG_STATE_HOME/tutti or ~/.local/state/tutti; made if it is
  // missing. Where nothing can be kept, it lasts as long as this.
  static PlayerIdentity claim(const std::string& folder, const std::string& name);
  PlayerIdentity(PlayerIdentity&& other) noexcept;
  PlayerIdentity& operator=(PlayerIdentity&&) = delete;
  ~PlayerIdentity();

  const std::string& id() const { return id_; }

 private:
  PlayerIdentity(std::string id, int lock) : id_(std::move(id)), lock_(lock) {}

  std::string id_;
  int lock_;
};

}  // namespace tutti::player
