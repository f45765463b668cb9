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

  std::string database() const { return path_ + "/tutti.sqlite"; }
  std::string encoded_tracks() const { return path_ + "/encoded"; }

 private:
  StateDir(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_;
};

}  // namespace tutti::server
