#include "storage/player_tables.h"

#include <utility>

namespace tutti::storage {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kVersion = 1;

constexpr auto kSchema = R"sql(
CREATE TABLE player_state (
  user TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  track_id INTEGER NOT NULL,
  from_is TEXT,
  from_is_id INTEGER,
  on_pause INTEGER NOT NULL,
  position_ms INTEGER NOT NULL,
  has_fraction INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  time_text TEXT NOT NULL,
  track_length_ms INTEGER,
  accepted_us INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE player_present (
  user TEXT PRIMARY KEY,
  server INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE server_alive (
  server INTEGER PRIMARY KEY,
  at_us INTEGER NOT NULL
);
PRAGMA user_version = 1;
)sql";

Result<void> prepare_tables(Database& db) {
  const auto found = db.version();
  if (!found) return tl::make_unexpected(found.error());
  if (*found == kVersion) return {};
  if (*found > kVersion) {
    return fail("the players' states were written by a newer Tutti (version " + std::to_string(*found) +
                "); use that, or another --state-dir");
  }
  return db.execute("BEGIN;" + std::string(kSchema) + "COMMIT;");
}

template <class Value>
void bind_optional(Statement& statement, int parameter, const std::optional<Value>& value) {
  if (!value) {
    statement.bind_null(parameter);
  } else if constexpr (std::is_same_v<Value, std::string>) {
    statement.bind_text(parameter, *value);
  } else {
    statement.bind(parameter, std::int64_t{*value});
  }
}

std::int64_t as_row(std::uint64_t number) { return static_cast<std::int64_t>(number); }

// The statement's only row, or nullopt; then it can be run again.
template <class Read>
auto one_row(Statement& statement, Read read) -> Result<std::optional<decltype(read(statement))>> {
  const auto row = statement.step();
  if (!row) return tl::make_unexpected(row.error());
  if (!*row) return std::nullopt;
  auto value = read(statement);
  if (auto end = statement.step(); !end) return tl::make_unexpected(end.error());
  return value;
}

PlayerState read_state(const Statement& row) {
  PlayerState state;
  state.revision = static_cast<std::uint64_t>(row.integer(0));
  state.track_id = row.integer(1);
  if (!row.is_null(2)) state.from_is = row.bytes(2);
  if (!row.is_null(3)) state.from_is_id = row.integer(3);
  state.on_pause = row.integer(4) != 0;
  state.position = {milliseconds(row.integer(5)), row.integer(6) != 0};
  state.time_state_update = {milliseconds(row.integer(7))};
  state.time_text = row.bytes(8);
  if (!row.is_null(9)) state.track_length = milliseconds(row.integer(9));
  state.accepted_at = {Duration(row.integer(10))};
  return state;
}

}  // namespace

Result<PlayerTables> PlayerTables::open(Database& db) {
  return prepare_tables(db).map([&] { return PlayerTables(db); });
}

PlayerTables::PlayerTables(Database& db)
    : find_(db.prepare(
          "SELECT revision, track_id, from_is, from_is_id, on_pause, position_ms, has_fraction, time_ms,"
          " time_text, track_length_ms, accepted_us FROM player_state WHERE user = ?")),
      revision_(db.prepare("SELECT revision FROM player_state WHERE user = ?")),
      save_(db.prepare(
          "INSERT OR REPLACE INTO player_state (user, revision, track_id, from_is, from_is_id, on_pause,"
          " position_ms, has_fraction, time_ms, time_text, track_length_ms, accepted_us)"
          " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)")),
      enter_(db.prepare("INSERT OR REPLACE INTO player_present (user, server) VALUES (?,?)")),
      leave_(db.prepare("DELETE FROM player_present WHERE user = ?")),
      left_(db.prepare("SELECT user FROM player_present WHERE server <> ?")),
      drop_left_(db.prepare("DELETE FROM player_present WHERE server <> ?")),
      alive_(db.prepare("INSERT OR REPLACE INTO server_alive (server, at_us) VALUES (?,?)")),
      last_alive_(db.prepare("SELECT max(at_us) FROM server_alive WHERE server <> ?")),
      drop_alive_(db.prepare("DELETE FROM server_alive WHERE server <> ?")) {}

Result<std::optional<PlayerState>> PlayerTables::find(const std::string& user) {
  find_.bind_text(1, user);
  return one_row(find_, read_state);
}

Result<std::optional<std::uint64_t>> PlayerTables::revision(const std::string& user) {
  revision_.bind_text(1, user);
  return one_row(revision_, [](const Statement& row) { return static_cast<std::uint64_t>(row.integer(0)); });
}

Result<void> PlayerTables::save(const std::string& user, const PlayerState& state) {
  save_.bind_text(1, user).bind(2, as_row(state.revision)).bind(3, state.track_id);
  bind_optional(save_, 4, state.from_is);
  bind_optional(save_, 5, state.from_is_id);
  save_.bind(6, std::int64_t{state.on_pause}).bind(7, std::int64_t{state.position.value.count()});
  save_.bind(8, std::int64_t{state.position.has_fraction});
  save_.bind(9, std::int64_t{state.time_state_update.since_unix_epoch.count()})
      .bind_text(10, state.time_text);
  std::optional<std::int64_t> length;
  if (state.track_length) length = state.track_length->count();
  bind_optional(save_, 11, length);
  save_.bind(12, std::int64_t{state.accepted_at.since_unix_epoch.count()});
  return save_.run();
}

Result<void> PlayerTables::enter(const std::string& user, std::uint64_t server) {
  return enter_.bind_text(1, user).bind(2, as_row(server)).run();
}

Result<void> PlayerTables::leave(const std::string& user) { return leave_.bind_text(1, user).run(); }

Result<PlayerTables::Left> PlayerTables::take_left_behind(std::uint64_t server) {
  Left left;
  left_.bind(1, as_row(server));
  for (;;) {
    const auto row = left_.step();
    if (!row) return tl::make_unexpected(row.error());
    if (!*row) break;
    left.users.push_back(left_.bytes(0));
  }
  last_alive_.bind(1, as_row(server));
  const auto alive = one_row(last_alive_, [](const Statement& row) { return row.integer(0); });
  if (!alive) return tl::make_unexpected(alive.error());
  left.last_alive = {Duration(alive->value_or(0))};
  if (auto done = drop_left_.bind(1, as_row(server)).run(); !done) return tl::make_unexpected(done.error());
  if (auto done = drop_alive_.bind(1, as_row(server)).run(); !done) return tl::make_unexpected(done.error());
  return left;
}

Result<void> PlayerTables::mark_alive(std::uint64_t server, WallTime now) {
  return alive_.bind(1, as_row(server)).bind(2, std::int64_t{now.since_unix_epoch.count()}).run();
}

}  // namespace tutti::storage
