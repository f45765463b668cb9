// The folder in which the server keeps what must survive it.
#pragma once

#include "base/result.h"

#include <string>

namespace tutti::server {

// One server at a time: holds a lock file in the folder, and lets go of it when destroyed (or killed).
class StateDir {
 public:
  // `name`: as the option gives it; "" is $XDG_STATE_HOME/tutti, or ~/.local/state/tutti. Made if it is
  // missing. Error: it cannot be made or written to, or another server uses it.
  static Result<StateDir> open(const std::string& name);
  StateDir(StateDir&& other) noexcept;
  StateDir& operator=(StateDir&&) = delete;
  ~StateDir();

  // The folder that `name` means, made if it is missing, without its lock: what is written there by
  // transactions may be written while a server runs.
  static Result<std::string> find(const std::string& name);
  static std::string database_in(const std::string& folder) { return folder + "/tutti.sqlite"; }
  std::string database() const { return database_in(path_); }
  std::string encoded_tracks() const { return path_ + "/encoded"; }
  std::string walk_assets() const { return path_ + "/walk"; }
  std::string players() const { return path_ + "/players.sqlite"; }

 private:
  StateDir(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_;
};

}  // namespace tutti::server
