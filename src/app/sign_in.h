// Signing in and out: sessions, and the link by which the first operator comes in. Owned by the control
// thread.
#pragma once

#include "app/password_check.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

class SignIn {
 public:
  struct SignedIn {
    Verdict verdict;
    std::string session;  // the secret for the cookie; empty unless known
    Duration lifetime{0};
  };
  using Answer = std::function<void(SignedIn)>;
  using Listed = std::function<void(Result<std::vector<Session>>)>;
  using Ended = std::function<void(Result<bool>)>;
  // Who the link's bearer wants to be from now on. Without a password, no password fits, and the next start
  // prints another link.
  struct FirstOperator {
    std::string name = "operator";
    std::string password;
  };
  using LinkAnswer = std::function<void(Result<SignedIn>)>;

  SignIn(IdentityStore& store, Background& storage, Background& hashing, PasswordCheck& passwords)
      : store_(store), storage_(storage), hashing_(hashing), passwords_(passwords) {}

  void with_password(const std::string& name, const std::string& password, const Caller& caller,
                     const std::string& agent, Answer answer);

  // A secret that makes its first bearer the operator, once, within an hour. A new one replaces the old.
  std::string make_link(ServerTime now);
  // Error: the name or the password that was asked for cannot be had; the link can be used again then.
  void with_link(const std::string& secret, FirstOperator wanted, const Caller& caller,
                 const std::string& agent, LinkAnswer answer);

  // Ends the session whose cookie this is; fine where there is none.
  void sign_out(const std::string& session, std::function<void(Result<void>)> done);
  void sessions_of(const std::string& user, WallTime date, Listed listed);
  void end_session_of(const std::string& user, std::int64_t id, Ended ended);

 private:
  struct Link {
    SecretDigest digest;
    ServerTime expires;
  };

  void begin(Session session, Roles roles, Answer answer);
  void make_operator(FirstOperator wanted, const Caller& caller, const std::string& agent, LinkAnswer answer);

  IdentityStore& store_;
  Background& storage_;
  Background& hashing_;
  PasswordCheck& passwords_;
  std::optional<Link> link_;
};

}  // namespace tutti::app
