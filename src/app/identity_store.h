// Port: where users, their sessions and their tokens are kept. Implemented by storage/. It may wait for a
// disk, so the server calls it through a Background; the program's own commands call it as it is.
//
// The store is the truth: what another process has written (`tutti user remove`) holds from the next call on.
#pragma once

#include "app/identity.h"
#include "base/secret.h"
#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

struct User {
  std::string name;
  Roles roles;
  std::string password_hash;  // empty: no password fits
  WallTime created;
};

// Somebody who has signed in, in one browser.
struct Session {
  std::int64_t id = 0;  // to name it by; the secret one is in the cookie only
  SecretDigest digest;
  std::string user;
  bool is_outside = false;  // the user is not one of ours; `roles` is what the outside decision said
  Roles roles;              // of an outside user; ours have theirs with the user
  WallTime created, expires;
  std::string address;  // from which it was made
  std::string agent;    // by which browser, as that says; UTF-8
};

// For programs: `Authorization: Bearer`.
struct Token {
  std::int64_t id = 0;
  SecretDigest digest;
  std::string user, name;
  WallTime created;
  std::optional<WallTime> expires;
};

class IdentityStore {
 public:
  virtual ~IdentityStore() = default;

  virtual Result<std::optional<User>> find_user(const std::string& name) = 0;
  virtual Result<std::vector<User>> users() = 0;  // by name
  // False: there is a user of that name already.
  virtual Result<bool> add_user(const User& user) = 0;
  // Ends the user's sessions. False: there is no such user.
  virtual Result<bool> set_password(const std::string& name, const std::string& hash) = 0;
  // With the user's sessions and tokens. False: there is no such user.
  virtual Result<bool> remove_user(const std::string& name) = 0;
  // Whether an operator can sign in with a password.
  virtual Result<bool> has_operator() = 0;

  // With the user's roles as they are now. nullopt: unknown, expired at `now`, or its user is gone.
  virtual Result<std::optional<Session>> find_session(const SecretDigest& digest, WallTime now) = 0;
  // Forgets what has expired, and the user's oldest sessions beyond fifty.
  virtual Result<void> add_session(const Session& session) = 0;
  virtual Result<void> extend_session(const SecretDigest& digest, WallTime expires) = 0;
  virtual Result<void> end_session(const SecretDigest& digest) = 0;
  virtual Result<std::vector<Session>> sessions_of(const std::string& user, WallTime now) = 0;
  // Of this user only. False: there is none with this id.
  virtual Result<bool> end_session_of(const std::string& user, std::int64_t id) = 0;

  // The token's user; nullopt: unknown, or expired at `now`.
  virtual Result<std::optional<User>> find_token(const SecretDigest& digest, WallTime now) = 0;
  virtual Result<std::int64_t> add_token(const Token& token) = 0;  // its id
  virtual Result<std::vector<Token>> tokens() = 0;                 // by id
  virtual Result<bool> remove_token(std::int64_t id) = 0;
};

}  // namespace tutti::app
