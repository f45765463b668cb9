#include "server/state_dir.h"

#include "base/state_folder.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace tutti::server {

Result<std::string> StateDir::find(const std::string& name) { return find_state_folder(name); }

Result<StateDir> StateDir::open(const std::string& name) {
  const auto found = find(name);
  if (!found) return tl::make_unexpected(found.error());
  const std::string& path = *found;
  const int lock = ::open((path + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return fail("cannot write to the state folder " + path + ": " + std::strerror(errno));
  StateDir dir(path, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return fail("another Tutti uses the state folder " + path +
                "; stop it, or give this one its own --state-dir");
  }
  return dir;
}

StateDir::StateDir(StateDir&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

StateDir::~StateDir() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace tutti::server
