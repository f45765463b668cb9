// Users, sessions and tokens in the embedded store's file, through a connection of its own. Used by one
// thread at a time.
#pragma once

#include "app/identity_store.h"
#include "storage/sqlite.h"

#include <functional>
#include <memory>
#include <string>

namespace tutti::storage {

class IdentityDatabase : public app::IdentityStore {
 public:
  // `path`: of the database file, which a server may be using. Error: it cannot be opened, or is of a newer
  // version.
  static Result<std::unique_ptr<IdentityDatabase>> open(const std::string& path);

  Result<std::optional<app::User>> find_user(const std::string& name) override;
  Result<std::vector<app::User>> users() override;
  Result<bool> add_user(const app::User& user) override;
  Result<bool> set_password(const std::string& name, const std::string& hash) override;
  Result<bool> remove_user(const std::string& name) override;
  Result<bool> has_operator() override;

  Result<std::optional<app::Session>> find_session(const SecretDigest& digest, WallTime now) override;
  Result<void> add_session(const app::Session& session) override;
  Result<void> extend_session(const SecretDigest& digest, WallTime expires) override;
  Result<void> end_session(const SecretDigest& digest) override;
  Result<std::vector<app::Session>> sessions_of(const std::string& user, WallTime now) override;
  Result<bool> end_session_of(const std::string& user, std::int64_t id) override;

  Result<std::optional<app::User>> find_token(const SecretDigest& digest, WallTime now) override;
  Result<std::int64_t> add_token(const app::Token& token) override;
  Result<std::vector<app::Token>> tokens() override;
  Result<bool> remove_token(std::int64_t id) override;

 private:
  explicit IdentityDatabase(Database db) : db_(std::move(db)) {}
  // All of `work` or nothing. Its bool is passed on.
  Result<bool> transaction(const std::function<Result<bool>()>& work);
  Result<bool> change(Statement& statement);  // runs it; whether a row was changed

  Database db_;
};

}  // namespace tutti::storage
