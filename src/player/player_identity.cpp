#include "player/player_identity.h"

#include "base/base64.h"
#include "base/secret.h"
#include "base/state_folder.h"

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace tutti::player {
namespace {

constexpr int kMostAtOnce = 256;
constexpr std::size_t kIdLength = 22;  // 132 bits

std::string new_id() { return random_secret().substr(0, kIdLength); }

std::string id_in(int file) {
  std::array<char, kIdLength> text{};
  if (::pread(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size())) {
    return {text.data(), text.size()};
  }
  const std::string id = new_id();
  static_cast<void>(::pwrite(file, id.data(), id.size(), 0));
  return id;
}

}  // namespace

PlayerIdentity PlayerIdentity::claim(const std::string& folder, const std::string& name) {
  const auto state = find_state_folder(folder);
  const std::string players = state ? *state + "/players" : "";
  std::error_code error;
  if (state) std::filesystem::create_directories(players, error);
  if (!state || error) return {new_id(), -1};
  // Names may be anything, files' names may not.
  const std::string file = players + "/" + to_base64url(digest_of(name).view()).substr(0, kIdLength);
  for (int number = 1; number <= kMostAtOnce; ++number) {
    const int lock =
        ::open((file + "." + std::to_string(number)).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) break;
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return {id_in(lock), lock};
    ::close(lock);
  }
  return {new_id(), -1};
}

PlayerIdentity::PlayerIdentity(PlayerIdentity&& other) noexcept
    : id_(std::move(other.id_)), lock_(std::exchange(other.lock_, -1)) {}

PlayerIdentity::~PlayerIdentity() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace tutti::player
