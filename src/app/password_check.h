// Names and passwords: against our users, else by the outside decision. Slowed where they keep failing.
// Owned by the control thread; the hashing itself happens elsewhere.
#pragma once

#include "app/attempt_limiter.h"
#include "app/background.h"
#include "app/identity_store.h"
#include "app/outside_cache.h"

#include <functional>
#include <map>
#include <string>

namespace tutti::app {

class PasswordCheck {
 public:
  struct Checked {
    Verdict verdict;
    bool is_outside = false;  // the user is not one of ours
  };
  using Answer = std::function<void(Checked)>;

  // `storage`: one job at a time; `hashing`: as many as the machine bears. `outside` may be null.
  PasswordCheck(IdentityStore& store, Background& storage, Background& hashing, OutsideCache* outside);

  void check(const std::string& name, const std::string& password, const Caller& caller, Answer answer);

  // The address's own count of failures is shared with other doors.
  AttemptLimiter& by_address() { return by_address_; }
  // "192.0.2.1", or the /64 of an IPv6 address: a network of these is one customer's.
  static std::string key_of_address(const std::string& address);

 private:
  struct Attempt {
    std::string name, password;
    Caller caller;
    Answer answer;
  };

  void on_user(Attempt attempt, Result<std::optional<User>> user);
  void verify(Attempt attempt, User user, bool exists);
  void finish(const Attempt& attempt, Checked checked);
  bool is_recent(const Attempt& attempt, const User& user) const;
  void remember(const Attempt& attempt, const User& user);
  SecretDigest key_of(const Attempt& attempt, const User& user) const;

  IdentityStore& store_;
  Background& storage_;
  Background& hashing_;
  OutsideCache* outside_;
  AttemptLimiter by_address_;
  AttemptLimiter by_account_;
  // Scripts send their password with every request; hashing each time would be the server's whole work.
  KeyedDigest keyed_;
  std::map<SecretDigest, ServerTime> recent_;  // that fitted, and until when that is taken for granted
};

}  // namespace tutti::app
