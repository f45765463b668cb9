#include "storage/sqlite_player_store.h"

#include "base/log.h"

#include <utility>

namespace tutti::storage {
namespace {

// How exactly the moment is known at which a server died.
constexpr auto kHeartbeat = std::chrono::seconds(5);

void log_failure(const Result<void>& result) {
  if (!result) log::error("players: {}", result.error().message);
}

Error could_not_store(const Error& error) { return {"this could not be stored: " + error.message}; }

}  // namespace

SqlitePlayerStore::SqlitePlayerStore(Database db, Settings settings)
    : settings_(std::move(settings)), commit_(std::move(db), "players") {}

Result<std::unique_ptr<SqlitePlayerStore>> SqlitePlayerStore::open(const std::string& path,
                                                                   Settings settings) {
  auto db = Database::open(path);
  if (!db) return tl::make_unexpected(db.error());
  std::unique_ptr<SqlitePlayerStore> store(new SqlitePlayerStore(std::move(*db), std::move(settings)));
  if (auto prepared = store->prepare(); !prepared) return fail(path + ": " + prepared.error().message);
  return store;
}

Result<void> SqlitePlayerStore::prepare() {
  auto tables = PlayerTables::open(commit_.database());
  if (!tables) return tl::make_unexpected(tables.error());
  tables_ = std::make_unique<PlayerTables>(std::move(*tables));
  return {};
}

SqlitePlayerStore::~SqlitePlayerStore() { close(); }

void SqlitePlayerStore::close() {
  if (tables_) {
    commit_.post(
        {[this](Database&) { return tables_->mark_alive(settings_.server, settings_.now()); }, log_failure});
  }
  commit_.stop();
}

void SqlitePlayerStore::open(Events& events, Post post) {
  events_ = &events;
  post_ = std::move(post);
  look_for_left_behind();
  beat_later();
}

void SqlitePlayerStore::look_for_left_behind() {
  const auto left = std::make_shared<PlayerTables::Left>();
  const auto look = [this, left](Database&) -> Result<void> {
    auto found = tables_->take_left_behind(settings_.server);
    if (!found) return tl::make_unexpected(found.error());
    *left = std::move(*found);
    return {};
  };
  const auto tell = [this, left](const Result<void>& result) {
    log_failure(result);
    if (!result || left->users.empty() || left->last_alive == WallTime{}) return;
    post_([events = events_, left] {
      for (const auto& user : left->users) events->on_abandoned(user, left->last_alive);
    });
  };
  commit_.post_after(settings_.grace, {look, tell});
}

void SqlitePlayerStore::beat_later() {
  const auto beat = [this](Database&) -> Result<void> {
    return present_ > 0 ? tables_->mark_alive(settings_.server, settings_.now()) : Result<void>();
  };
  commit_.post_after(kHeartbeat, {beat, [this](const Result<void>& result) {
                                    log_failure(result);
                                    beat_later();
                                  }});
}

void SqlitePlayerStore::load(const std::string& user, OnLoaded done) {
  const auto state = std::make_shared<std::optional<PlayerState>>();
  const auto read = [this, user, state](Database&) -> Result<void> {
    auto found = tables_->find(user);
    if (!found) return tl::make_unexpected(found.error());
    *state = std::move(*found);
    return {};
  };
  const auto tell = [this, state, done = std::move(done)](const Result<void>& result) {
    post_([state, done, result] {
      if (result) {
        done(std::move(*state));
      } else {
        done(tl::make_unexpected(result.error()));
      }
    });
  };
  commit_.post({read, tell});
}

void SqlitePlayerStore::save(const std::string& user, std::optional<std::uint64_t> expected,
                             std::vector<app::PlayerChange> changes, OnSaved done) {
  struct Attempt {
    std::vector<app::PlayerChange> changes;
    Saved saved;
  };
  const auto attempt = std::make_shared<Attempt>(Attempt{std::move(changes), {}});
  const auto write = [this, user, expected, attempt](Database&) -> Result<void> {
    const auto stored = tables_->revision(user);
    if (!stored) return tl::make_unexpected(stored.error());
    attempt->saved = {*stored != expected, stored->value_or(0)};
    if (attempt->saved.outrun) return {};
    attempt->saved.revision = attempt->changes.back().state.revision;
    return tables_->save(user, attempt->changes.back().state);
  };
  const auto tell = [this, user, attempt, done = std::move(done)](const Result<void>& result) {
    post_([events = events_, user, attempt, done, result] {
      if (!result) return done(tl::make_unexpected(could_not_store(result.error())));
      if (!attempt->saved.outrun) {
        for (const auto& change : attempt->changes) events->on_changed(user, change);
      }
      done(attempt->saved);
    });
  };
  commit_.post({write, tell});
}

void SqlitePlayerStore::enter(const std::string& user) {
  ++present_;
  commit_.post({[this, user](Database&) { return tables_->enter(user, settings_.server); }, log_failure});
}

void SqlitePlayerStore::leave(const std::string& user, OnLeft done) {
  if (present_ > 0) --present_;
  commit_.post({[this, user](Database&) { return tables_->leave(user); }, log_failure});
  // There is no other server. Whether the row is gone makes no difference to that.
  post_([done = std::move(done)] { done(true); });
}

}  // namespace tutti::storage
