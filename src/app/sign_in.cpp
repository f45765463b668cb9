#include "app/sign_in.h"

#include "app/lifetimes.h"
#include "base/log.h"
#include "base/utf8.h"

#include <utility>

namespace tutti::app {
namespace {

constexpr std::size_t kLongestAgent = 200;

Session new_session(const std::string& user, const Caller& caller, const std::string& agent) {
  Session session;
  session.user = user;
  session.created = caller.date;
  session.address = caller.address;
  session.agent = to_valid_utf8(agent.substr(0, kLongestAgent));
  return session;
}

}  // namespace

void SignIn::with_password(const std::string& name, const std::string& password, const Caller& caller,
                           const std::string& agent, Answer answer) {
  passwords_.check(name, password, caller,
                   [this, caller, agent, answer = std::move(answer)](PasswordCheck::Checked checked) {
                     if (!checked.verdict.is_known()) return answer({std::move(checked.verdict), {}, {}});
                     const Identity& identity = checked.verdict.identity;
                     Session session = new_session(identity.user, caller, agent);
                     session.is_outside = checked.is_outside;
                     if (checked.is_outside) session.roles = identity.roles;
                     begin(std::move(session), identity.roles, answer);
                   });
}

void SignIn::begin(Session session, Roles roles, Answer answer) {
  const std::string secret = random_secret();
  const Duration lifetime = session.is_outside ? kOutsideSessionLifetime : kSessionLifetime;
  session.digest = digest_of(secret);
  session.expires = {session.created.since_unix_epoch + lifetime};
  const bool taken = storage_.run([this, session, roles, secret, lifetime, answer] {
    SignedIn out{Verdict::known({session.user, roles}), secret, lifetime};
    if (const auto added = store_.add_session(session); !added) {
      log::error("a session could not be saved: {}", added.error().message);
      out = {Verdict::unavailable(), {}, {}};
    }
    return [answer, out] { answer(out); };
  });
  if (!taken) answer({Verdict::unavailable(), {}, {}});
}

std::string SignIn::make_link(ServerTime now) {
  std::string secret = random_secret();
  link_ = {digest_of(secret), now + kLinkLifetime};
  return secret;
}

void SignIn::with_link(const std::string& secret, FirstOperator wanted, const Caller& caller,
                       const std::string& agent, LinkAnswer answer) {
  const std::string address = PasswordCheck::key_of_address(caller.address);
  AttemptLimiter& limiter = passwords_.by_address();
  if (const Duration wait = limiter.wait(address, caller.now); wait > Duration{0}) {
    return answer(SignedIn{Verdict::slowed(wait), {}, {}});
  }
  limiter.charge(address, caller.now);
  const bool fits =
      link_ && caller.now < link_->expires && are_same_secret(link_->digest.view(), digest_of(secret).view());
  if (!fits) return answer(SignedIn{Verdict::wrong(), {}, {}});
  limiter.refund(address, caller.now);
  if (auto fine = check_user_name(wanted.name); !fine) return answer(tl::make_unexpected(fine.error()));
  if (!wanted.password.empty()) {
    if (auto fine = check_new_password(wanted.password); !fine)
      return answer(tl::make_unexpected(fine.error()));
  }
  // Gone from here on, so that of two at the same moment one comes in.
  const Link link = *std::exchange(link_, std::nullopt);
  make_operator(std::move(wanted), caller, agent, [this, link, answer](Result<SignedIn> done) {
    if ((!done || !done->verdict.is_known()) && !link_) link_ = link;
    answer(std::move(done));
  });
}

void SignIn::make_operator(FirstOperator wanted, const Caller& caller, const std::string& agent,
                           LinkAnswer answer) {
  const bool taken = hashing_.run([this, wanted, caller, agent, answer]() -> Background::Then {
    auto hash = wanted.password.empty() ? Result<std::string>("") : hash_password(wanted.password);
    if (!hash) return [answer, error = hash.error()] { answer(tl::make_unexpected(error)); };
    const User user{wanted.name, {Role::operator_}, *hash, caller.date};
    return [this, user, caller, agent, answer] {
      const bool queued = storage_.run([this, user, caller, agent, answer]() -> Background::Then {
        const auto existing = store_.find_user(user.name);
        const auto added =
            existing ? store_.add_user(user) : Result<bool>(tl::make_unexpected(existing.error()));
        if (!added) return [answer] { answer(SignedIn{Verdict::unavailable(), {}, {}}); };
        // An operator without a password, made by an earlier link, is taken over; nobody else is.
        const bool is_ours =
            *existing && (*existing)->password_hash.empty() && (*existing)->roles.allow(Role::operator_);
        if (!*added && !is_ours) {
          return [answer] { answer(fail("there is a user of this name already; choose another")); };
        }
        if (!*added && !user.password_hash.empty()) {
          if (const auto set = store_.set_password(user.name, user.password_hash); !set) {
            return [answer] { answer(SignedIn{Verdict::unavailable(), {}, {}}); };
          }
        }
        return [this, user, caller, agent, answer] {
          log::info("{} signed in with the link and is an operator now", user.name);
          begin(new_session(user.name, caller, agent), user.roles, answer);
        };
      });
      if (!queued) answer(SignedIn{Verdict::unavailable(), {}, {}});
    };
  });
  if (!taken) answer(SignedIn{Verdict::unavailable(), {}, {}});
}

void SignIn::sign_out(const std::string& session, std::function<void(Result<void>)> done) {
  const bool taken = storage_.run([this, digest = digest_of(session), done] {
    return [done, ended = store_.end_session(digest)] { done(ended); };
  });
  if (!taken) done(fail("too much waits for the database"));
}

void SignIn::sessions_of(const std::string& user, WallTime date, Listed listed) {
  const bool taken = storage_.run([this, user, date, listed] {
    return [listed, found = store_.sessions_of(user, date)] { listed(found); };
  });
  if (!taken) listed(fail("too much waits for the database"));
}

void SignIn::end_session_of(const std::string& user, std::int64_t id, Ended ended) {
  const bool taken = storage_.run(
      [this, user, id, ended] { return [ended, done = store_.end_session_of(user, id)] { ended(done); }; });
  if (!taken) ended(fail("too much waits for the database"));
}

}  // namespace tutti::app
