#include "storage/identity_database.h"

#include "storage/schema.h"

#include <algorithm>
#include <utility>

namespace tutti::storage {
namespace {

constexpr auto kSessionColumns =
    "SELECT session.id, digest, session.user, is_outside, CASE is_outside WHEN 0 THEN user.roles ELSE "
    "session.roles END, session.created_us, expires_us, address, agent FROM session LEFT JOIN user ON "
    "user.name "
    "= session.user WHERE (is_outside OR user.name IS NOT NULL) AND expires_us > ?1 AND ";

std::int64_t micros(WallTime t) { return t.since_unix_epoch.count(); }
WallTime date(std::int64_t since_epoch) { return {Duration{since_epoch}}; }

SecretDigest digest_in(const Statement& row, int column) {
  const std::string bytes = row.bytes(column);
  SecretDigest out;
  if (bytes.size() == out.bytes.size()) std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
  return out;
}

app::User user_in(const Statement& row) {
  return {row.bytes(0), app::Roles::from_bits(row.integer(1)), row.bytes(2), date(row.integer(3))};
}

app::Session session_in(const Statement& row) {
  app::Session out;
  out.id = row.integer(0);
  out.digest = digest_in(row, 1);
  out.user = row.bytes(2);
  out.is_outside = row.integer(3) != 0;
  out.roles = app::Roles::from_bits(row.integer(4));
  out.created = date(row.integer(5));
  out.expires = date(row.integer(6));
  out.address = row.bytes(7);
  out.agent = row.bytes(8);
  return out;
}

app::Token token_in(const Statement& row) {
  app::Token out;
  out.id = row.integer(0);
  out.digest = digest_in(row, 1);
  out.user = row.bytes(2);
  out.name = row.bytes(3);
  out.created = date(row.integer(4));
  if (!row.is_null(5)) out.expires = date(row.integer(5));
  return out;
}

template <class Value>
Result<std::vector<Value>> all(Statement rows, Value (*value_in)(const Statement&)) {
  std::vector<Value> out;
  for (;;) {
    const auto row = rows.step();
    if (!row) return tl::make_unexpected(row.error());
    if (!*row) return out;
    out.push_back(value_in(rows));
  }
}

template <class Value>
Result<std::optional<Value>> first(Statement rows, Value (*value_in)(const Statement&)) {
  const auto row = rows.step();
  if (!row) return tl::make_unexpected(row.error());
  return *row ? std::optional(value_in(rows)) : std::nullopt;
}

}  // namespace

Result<std::unique_ptr<IdentityDatabase>> IdentityDatabase::open(const std::string& path) {
  auto db = Database::open(path);
  if (!db) return tl::make_unexpected(db.error());
  if (auto done = migrate(*db); !done) return fail(path + ": " + done.error().message);
  return std::unique_ptr<IdentityDatabase>(new IdentityDatabase(std::move(*db)));
}

Result<bool> IdentityDatabase::transaction(const std::function<Result<bool>()>& work) {
  if (auto begun = db_.execute("BEGIN IMMEDIATE"); !begun) return tl::make_unexpected(begun.error());
  auto done = work();
  if (done) {
    if (auto committed = db_.execute("COMMIT"); !committed) done = tl::make_unexpected(committed.error());
  }
  if (!done) (void)db_.execute("ROLLBACK");
  return done;
}

Result<bool> IdentityDatabase::change(Statement& statement) {
  return statement.run().map([this] { return db_.changes() > 0; });
}

Result<std::optional<app::User>> IdentityDatabase::find_user(const std::string& name) {
  auto rows = db_.prepare("SELECT name, roles, password_hash, created_us FROM user WHERE name = ?");
  rows.bind_text(1, name);
  return first(std::move(rows), user_in);
}

Result<std::vector<app::User>> IdentityDatabase::users() {
  return all(db_.prepare("SELECT name, roles, password_hash, created_us FROM user ORDER BY name"), user_in);
}

Result<bool> IdentityDatabase::add_user(const app::User& user) {
  auto insert =
      db_.prepare("INSERT OR IGNORE INTO user (name, roles, password_hash, created_us) VALUES (?,?,?,?)");
  insert.bind_text(1, user.name).bind(2, user.roles.bits()).bind_text(3, user.password_hash);
  insert.bind(4, micros(user.created));
  return change(insert);
}

Result<bool> IdentityDatabase::set_password(const std::string& name, const std::string& hash) {
  return transaction([&]() -> Result<bool> {
    auto end = db_.prepare("DELETE FROM session WHERE user = ? AND NOT is_outside");
    if (auto done = end.bind_text(1, name).run(); !done) return tl::make_unexpected(done.error());
    auto update = db_.prepare("UPDATE user SET password_hash = ? WHERE name = ?");
    return change(update.bind_text(1, hash).bind_text(2, name));
  });
}

Result<bool> IdentityDatabase::remove_user(const std::string& name) {
  return transaction([&]() -> Result<bool> {
    auto end = db_.prepare("DELETE FROM session WHERE user = ? AND NOT is_outside");
    if (auto done = end.bind_text(1, name).run(); !done) return tl::make_unexpected(done.error());
    auto remove = db_.prepare("DELETE FROM user WHERE name = ?");
    return change(remove.bind_text(1, name));
  });
}

Result<bool> IdentityDatabase::has_operator() {
  auto rows = db_.prepare("SELECT 1 FROM user WHERE roles & ? AND password_hash <> '' LIMIT 1");
  return rows.bind(1, static_cast<std::int64_t>(app::Role::operator_)).step();
}

Result<std::optional<app::Session>> IdentityDatabase::find_session(const SecretDigest& digest, WallTime now) {
  auto rows = db_.prepare(std::string(kSessionColumns) + "digest = ?2");
  rows.bind(1, micros(now)).bind_blob(2, digest.view());
  return first(std::move(rows), session_in);
}

Result<void> IdentityDatabase::add_session(const app::Session& session) {
  return transaction([&]() -> Result<bool> {
           auto forget = db_.prepare("DELETE FROM session WHERE expires_us <= ?");
           if (auto done = forget.bind(1, micros(session.created)).run(); !done) {
             return tl::make_unexpected(done.error());
           }
           auto oldest = db_.prepare(
               "DELETE FROM session WHERE user = ?1 AND id NOT IN (SELECT id FROM session WHERE user = ?1 "
               "ORDER "
               "BY id DESC LIMIT 49)");
           if (auto done = oldest.bind_text(1, session.user).run(); !done) {
             return tl::make_unexpected(done.error());
           }
           auto insert = db_.prepare(
               "INSERT INTO session (digest, user, is_outside, roles, created_us, expires_us, address, "
               "agent) "
               "VALUES (?,?,?,?,?,?,?,?)");
           insert.bind_blob(1, session.digest.view()).bind_text(2, session.user);
           insert.bind(3, std::int64_t{session.is_outside}).bind(4, session.roles.bits());
           insert.bind(5, micros(session.created)).bind(6, micros(session.expires));
           insert.bind_text(7, session.address).bind_text(8, session.agent);
           return change(insert);
         })
      .map([](bool) {});
}

Result<void> IdentityDatabase::extend_session(const SecretDigest& digest, WallTime expires) {
  auto update = db_.prepare("UPDATE session SET expires_us = ? WHERE digest = ?");
  return update.bind(1, micros(expires)).bind_blob(2, digest.view()).run();
}

Result<void> IdentityDatabase::end_session(const SecretDigest& digest) {
  auto remove = db_.prepare("DELETE FROM session WHERE digest = ?");
  return remove.bind_blob(1, digest.view()).run();
}

Result<std::vector<app::Session>> IdentityDatabase::sessions_of(const std::string& user, WallTime now) {
  auto rows = db_.prepare(std::string(kSessionColumns) + "session.user = ?2 ORDER BY session.id");
  rows.bind(1, micros(now)).bind_text(2, user);
  return all(std::move(rows), session_in);
}

Result<bool> IdentityDatabase::end_session_of(const std::string& user, std::int64_t id) {
  auto remove = db_.prepare("DELETE FROM session WHERE user = ? AND id = ?");
  return change(remove.bind_text(1, user).bind(2, id));
}

Result<std::optional<app::User>> IdentityDatabase::find_token(const SecretDigest& digest, WallTime now) {
  auto rows = db_.prepare(
      "SELECT user.name, user.roles, password_hash, user.created_us FROM token JOIN user ON user.name = "
      "token.user "
      "WHERE digest = ? AND (expires_us IS NULL OR expires_us > ?)");
  rows.bind_blob(1, digest.view()).bind(2, micros(now));
  return first(std::move(rows), user_in);
}

Result<std::int64_t> IdentityDatabase::add_token(const app::Token& token) {
  auto insert = db_.prepare(
      "INSERT INTO token (digest, user, name, created_us, expires_us) VALUES (?,?,?,?,?) RETURNING id");
  insert.bind_blob(1, token.digest.view()).bind_text(2, token.user).bind_text(3, token.name);
  insert.bind(4, micros(token.created));
  if (token.expires) insert.bind(5, micros(*token.expires));
  const auto row = insert.step();
  if (!row) return tl::make_unexpected(row.error());
  const std::int64_t id = insert.integer(0);
  return insert.run().map([id] { return id; });
}

Result<std::vector<app::Token>> IdentityDatabase::tokens() {
  return all(db_.prepare("SELECT id, digest, user, name, created_us, expires_us FROM token ORDER BY id"),
             token_in);
}

Result<bool> IdentityDatabase::remove_token(std::int64_t id) {
  auto remove = db_.prepare("DELETE FROM token WHERE id = ?");
  return change(remove.bind(1, id));
}

}  // namespace tutti::storage
