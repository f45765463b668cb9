// The players' states in SQLite: a file of their own, so that a scan that fills the library's never holds up
// a pause.
#pragma once

#include "domain/player_state.h"
#include "storage/sqlite.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tutti::storage {

// The tables of one database, with their statements. Must go before the database does.
class PlayerTables {
 public:
  // Creates the tables if need be. Error: the file is of a newer version.
  static Result<PlayerTables> open(Database& db);

  Result<std::optional<PlayerState>> find(const std::string& user);
  // 0: no state. For comparing only.
  Result<std::optional<std::uint64_t>> revision(const std::string& user);
  Result<void> save(const std::string& user, const PlayerState& state);

  // Whose devices are connected to which server process.
  Result<void> enter(const std::string& user, std::uint64_t server);
  Result<void> leave(const std::string& user);
  struct Left {
    std::vector<std::string> users;
    WallTime last_alive;
  };
  // Users of earlier processes that have not come back to `server`, and when such a process was last alive.
  // They are forgotten with this.
  Result<Left> take_left_behind(std::uint64_t server);
  // The process is alive at `now`.
  Result<void> mark_alive(std::uint64_t server, WallTime now);

 private:
  explicit PlayerTables(Database& db);

  Statement find_, revision_, save_, enter_, leave_, left_, drop_left_, alive_, last_alive_, drop_alive_;
};

}  // namespace tutti::storage
