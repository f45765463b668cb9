// Users and sessions in memory, work that is done when the test says so, and outside judges.
#pragma once

#include "app/background.h"
#include "app/identity_store.h"
#include "app/outside.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

namespace tutti::fakes {

class FakeIdentityStore : public app::IdentityStore {
 public:
  std::map<std::string, app::User> by_name;
  std::vector<app::Session> sessions;
  std::vector<app::Token> all_tokens;
  bool broken = false;

  Result<std::optional<app::User>> find_user(const std::string& name) override {
    if (broken) return fail("database: gone");
    const auto found = by_name.find(name);
    return found == by_name.end() ? std::nullopt : std::optional(found->second);
  }
  Result<std::vector<app::User>> users() override {
    std::vector<app::User> out;
    for (const auto& [name, user] : by_name) out.push_back(user);
    return out;
  }
  Result<bool> add_user(const app::User& user) override {
    if (broken) return fail("database: gone");
    return by_name.emplace(user.name, user).second;
  }
  Result<bool> set_password(const std::string& name, const std::string& hash) override {
    by_name.at(name).password_hash = hash;
    return true;
  }
  Result<bool> remove_user(const std::string& name) override { return by_name.erase(name) > 0; }
  Result<bool> has_operator() override { return false; }

  Result<std::optional<app::Session>> find_session(const SecretDigest& digest, WallTime now) override {
    if (broken) return fail("database: gone");
    for (auto session : sessions) {
      if (session.digest != digest || session.expires <= now) continue;
      if (!session.is_outside && !by_name.contains(session.user)) continue;
      if (!session.is_outside) session.roles = by_name.at(session.user).roles;
      return session;
    }
    return std::nullopt;
  }
  Result<void> add_session(const app::Session& session) override {
    if (broken) return fail("database: gone");
    sessions.push_back(session);
    sessions.back().id = static_cast<std::int64_t>(sessions.size());
    return {};
  }
  Result<void> extend_session(const SecretDigest& digest, WallTime expires) override {
    for (auto& session : sessions) {
      if (session.digest == digest) session.expires = expires;
    }
    return {};
  }
  Result<void> end_session(const SecretDigest& digest) override {
    std::erase_if(sessions, [&](const auto& session) { return session.digest == digest; });
    return {};
  }
  Result<std::vector<app::Session>> sessions_of(const std::string& user, WallTime) override {
    std::vector<app::Session> out;
    std::ranges::copy_if(sessions, std::back_inserter(out), [&](const auto& s) { return s.user == user; });
    return out;
  }
  Result<bool> end_session_of(const std::string& user, std::int64_t id) override {
    return std::erase_if(sessions, [&](const auto& s) { return s.user == user && s.id == id; }) > 0;
  }
  Result<std::optional<app::User>> find_token(const SecretDigest& digest, WallTime now) override {
    if (broken) return fail("database: gone");
    for (const auto& token : all_tokens) {
      if (token.digest == digest && (!token.expires || *token.expires > now)) return find_user(token.user);
    }
    return std::nullopt;
  }
  Result<std::int64_t> add_token(const app::Token& token) override {
    all_tokens.push_back(token);
    return static_cast<std::int64_t>(all_tokens.size());
  }
  Result<std::vector<app::Token>> tokens() override { return all_tokens; }
  Result<bool> remove_token(std::int64_t) override { return false; }
};

class FakeBackground : public app::Background {
 public:
  std::size_t room = 1000;
  std::size_t done = 0;

  bool run(std::function<Then()> work) override {
    if (waiting_.size() >= room) return false;
    waiting_.push_back(std::move(work));
    return true;
  }
  bool do_one() {
    if (waiting_.empty()) return false;
    auto work = std::move(waiting_.front());
    waiting_.pop_front();
    ++done;
    work()();
    return true;
  }
  std::size_t waiting() const { return waiting_.size(); }

 private:
  std::deque<std::function<Then()>> waiting_;
};

class FakeJudge : public app::OutsideJudge {
 public:
  app::Verdict verdict = app::Verdict::unavailable();
  std::vector<Credentials> asked;

  void judge(Credentials credentials, std::string, Done done) override {
    asked.push_back(std::move(credentials));
    done(verdict);
  }
};

}  // namespace tutti::fakes
