#include "app/auth.h"

#include "app/lifetimes.h"

#include <utility>

namespace tutti::app {

void Auth::check(const Credentials& credentials, const Caller& caller, Answer answer) {
  switch (credentials.kind) {
    case Credentials::Kind::none:
      return answer({});
    case Credentials::Kind::unreadable:
      return answer(Verdict::wrong());
    case Credentials::Kind::session:
      return check_session(credentials.secret, caller, std::move(answer));
    case Credentials::Kind::bearer:
      if (credentials.secret.starts_with(kTokenPrefix)) {
        return check_token(credentials.secret, caller, std::move(answer));
      }
      if (tokens_ && tokens_->takes(credentials.secret)) {
        return answer(tokens_->verify(credentials.secret, caller.date));
      }
      if (outside_) return ask_outside(credentials, caller, std::move(answer));
      return answer(Verdict::wrong());
    case Credentials::Kind::password:
      return passwords_.check(credentials.name, credentials.secret, caller,
                              [answer = std::move(answer)](PasswordCheck::Checked checked) {
                                answer(std::move(checked.verdict));
                              });
  }
}

void Auth::check_session(const std::string& id, const Caller& caller, Answer answer) {
  const bool taken = storage_.run([this, digest = digest_of(id), caller, answer] {
    const auto session = store_.find_session(digest, caller.date);
    Verdict verdict = Verdict::wrong();
    if (!session) {
      verdict = Verdict::unavailable();
    } else if (*session) {
      verdict = Verdict::known({(*session)->user, (*session)->roles});
      // Writing at every request would be a disk's whole work; an hour more or less is nobody's loss.
      const WallTime expires{caller.date.since_unix_epoch + kSessionLifetime};
      const auto gained = expires.since_unix_epoch - (*session)->expires.since_unix_epoch;
      if (!(*session)->is_outside && gained > kSessionExtendedAfter) {
        (void)store_.extend_session(digest, expires);
      }
    }
    return [answer, verdict] { answer(verdict); };
  });
  if (!taken) answer(Verdict::unavailable());
}

void Auth::check_token(const std::string& token, const Caller& caller, Answer answer) {
  const bool taken = storage_.run([this, digest = digest_of(token), caller, answer] {
    const auto user = store_.find_token(digest, caller.date);
    Verdict verdict = Verdict::wrong();
    if (!user) {
      verdict = Verdict::unavailable();
    } else if (*user) {
      verdict = Verdict::known({(*user)->name, (*user)->roles});
    }
    return [answer, verdict] { answer(verdict); };
  });
  if (!taken) answer(Verdict::unavailable());
}

// Whoever may send any token costs the other server a request for each, so the address pays for wrong ones.
void Auth::ask_outside(const Credentials& credentials, const Caller& caller, Answer answer) {
  const std::string address = PasswordCheck::key_of_address(caller.address);
  AttemptLimiter& limiter = passwords_.by_address();
  if (const Duration wait = limiter.wait(address, caller.now); wait > Duration{0}) {
    return answer(Verdict::slowed(wait));
  }
  limiter.charge(address, caller.now);
  outside_->judge(credentials, caller, [&limiter, address, caller, answer](Verdict verdict) {
    if (verdict.kind != Verdict::Kind::wrong) limiter.refund(address, caller.now);
    answer(std::move(verdict));
  });
}

}  // namespace tutti::app
