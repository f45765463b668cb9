#include "app/password_check.h"

#include <algorithm>
#include <utility>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

// An address may be a whole house; an account is one person's.
constexpr AttemptLimiter::Settings kByAddress{20, 1s, 15min, 60s, 10'000};
// Not longer, or anybody could lock anybody out.
constexpr AttemptLimiter::Settings kByAccount{8, 1s, 60s, 60s, 10'000};
constexpr Duration kTakenForGranted = 5min;
constexpr std::size_t kMostRecent = 1'000;
constexpr Duration kBusyRetry = 2s;

}  // namespace

PasswordCheck::PasswordCheck(IdentityStore& store, Background& storage, Background& hashing,
                             OutsideCache* outside)
    : store_(store),
      storage_(storage),
      hashing_(hashing),
      outside_(outside),
      by_address_(kByAddress),
      by_account_(kByAccount) {}

std::string PasswordCheck::key_of_address(const std::string& address) {
  if (address.find(':') == std::string::npos) return address;
  if (address.starts_with("::ffff:") && address.find('.') != std::string::npos) return address.substr(7);
  // Text of the first four groups; "::" within them stands for zeros all the same.
  std::size_t end = 0;
  for (int colons = 0; end < address.size(); ++end) {
    if (address[end] == ':' && ++colons == 4) break;
    if (end > 0 && address[end] == ':' && address[end - 1] == ':') break;
  }
  return address.substr(0, end) + "/64";
}

void PasswordCheck::check(const std::string& name, const std::string& password, const Caller& caller,
                          Answer answer) {
  const std::string address = key_of_address(caller.address);
  const Duration wait = std::max(by_address_.wait(address, caller.now), by_account_.wait(name, caller.now));
  if (wait > Duration{0}) return answer({Verdict::slowed(wait)});
  if (!check_user_name(name) || password.size() > kLongestPassword) {
    by_address_.charge(address, caller.now);
    return answer({Verdict::wrong()});
  }
  by_address_.charge(address, caller.now);
  by_account_.charge(name, caller.now);
  Attempt attempt{name, password, caller, std::move(answer)};
  const bool taken = storage_.run([this, attempt] {
    return [this, attempt, user = store_.find_user(attempt.name)] { on_user(attempt, user); };
  });
  if (!taken) finish(attempt, {Verdict::unavailable()});
}

void PasswordCheck::on_user(Attempt attempt, Result<std::optional<User>> user) {
  if (!user) return finish(attempt, {Verdict::unavailable()});
  if (*user) {
    if (is_recent(attempt, **user)) {
      return finish(attempt, {Verdict::known({(*user)->name, (*user)->roles})});
    }
    return verify(std::move(attempt), std::move(**user), true);
  }
  if (!outside_) {
    User nobody{attempt.name, {}, nobodys_hash(), {}};
    return verify(std::move(attempt), std::move(nobody), false);
  }
  const Credentials credentials{Credentials::Kind::password, attempt.name, attempt.password};
  outside_->judge(credentials, attempt.caller, [this, attempt](Verdict verdict) {
    finish(attempt, {std::move(verdict), true});
  });
}

void PasswordCheck::verify(Attempt attempt, User user, bool exists) {
  if (user.password_hash.empty()) {
    user.password_hash = nobodys_hash();
    exists = false;
  }
  const bool taken = hashing_.run([this, attempt, user, exists] {
    const bool fits = verify_password(user.password_hash, attempt.password) && exists;
    return [this, attempt, user, fits] {
      if (fits) remember(attempt, user);
      finish(attempt, {fits ? Verdict::known({user.name, user.roles}) : Verdict::wrong()});
    };
  });
  if (!taken) finish(attempt, {Verdict::slowed(kBusyRetry)});
}

void PasswordCheck::finish(const Attempt& attempt, Checked checked) {
  if (checked.verdict.kind != Verdict::Kind::wrong) {
    // What could not be judged was no guess either.
    by_address_.refund(key_of_address(attempt.caller.address), attempt.caller.now);
    if (checked.verdict.is_known()) {
      by_account_.forgive(attempt.name);
    } else {
      by_account_.refund(attempt.name, attempt.caller.now);
    }
  }
  attempt.answer(std::move(checked));
}

// A changed password has another hash, so it is another key.
SecretDigest PasswordCheck::key_of(const Attempt& attempt, const User& user) const {
  return keyed_(attempt.name + '\0' + user.password_hash + '\0' + attempt.password);
}

bool PasswordCheck::is_recent(const Attempt& attempt, const User& user) const {
  const auto found = recent_.find(key_of(attempt, user));
  return found != recent_.end() && attempt.caller.now < found->second;
}

void PasswordCheck::remember(const Attempt& attempt, const User& user) {
  std::erase_if(recent_, [&](const auto& entry) { return entry.second <= attempt.caller.now; });
  if (recent_.size() < kMostRecent) recent_[key_of(attempt, user)] = attempt.caller.now + kTakenForGranted;
}

}  // namespace tutti::app
