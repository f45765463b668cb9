#include "app/auth.h"

#include "app/lifetimes.h"
#include "app/sign_in.h"
#include "tests/fakes/fake_identity.h"

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;
using Kind = Verdict::Kind;

class FakeTokens : public TokenVerifier {
 public:
  bool takes(const std::string& token) const override { return token.find('.') != std::string::npos; }
  Verdict verify(const std::string& token, WallTime) const override {
    return token == "a.b.c" ? Verdict::known({"outsider", {Role::listener}}) : Verdict::wrong();
  }
};

class AuthTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { hash_ = hash_password("right password").value(); }
  AuthTest() { store_.by_name["anna"] = {"anna", {Role::operator_}, hash_, {}}; }

  static Caller caller(Duration now = 0s, std::string address = "192.0.2.1") {
    return {std::move(address), {now}, {now + 1'000'000s}};
  }
  void work() {
    while (storage_.do_one() || hashing_.do_one()) {
    }
  }
  Verdict check(Auth& auth, const Credentials& credentials, const Caller& from) {
    std::optional<Verdict> out;
    auth.check(credentials, from, [&](Verdict verdict) { out = std::move(verdict); });
    work();
    return out.value();
  }
  Verdict password(const std::string& name, const std::string& secret, const Caller& from = caller()) {
    return check(auth_, {Credentials::Kind::password, name, secret}, from);
  }
  Verdict bearer(const std::string& token, const Caller& from = caller()) {
    return check(auth_, {Credentials::Kind::bearer, "", token}, from);
  }
  Verdict session(const std::string& id, const Caller& from = caller()) {
    return check(auth_, {Credentials::Kind::session, "", id}, from);
  }
  SignIn::SignedIn sign_in(const std::string& name, const std::string& secret,
                           const Caller& from = caller()) {
    std::optional<SignIn::SignedIn> out;
    sign_in_.with_password(name, secret, from, "Browser", [&](auto done) { out = std::move(done); });
    work();
    return out.value();
  }
  Result<SignIn::SignedIn> use_link(const std::string& secret, SignIn::FirstOperator wanted = {},
                                    const Caller& from = caller()) {
    std::optional<Result<SignIn::SignedIn>> out;
    sign_in_.with_link(secret, std::move(wanted), from, "Browser", [&](auto done) { out = std::move(done); });
    work();
    return out.value();
  }

  static inline std::string hash_;
  fakes::FakeIdentityStore store_;
  fakes::FakeBackground storage_, hashing_;
  fakes::FakeJudge judge_;
  FakeTokens tokens_;
  OutsideCache outside_{judge_};
  PasswordCheck passwords_{store_, storage_, hashing_, nullptr};
  Auth auth_{store_, storage_, passwords_, nullptr, nullptr};
  SignIn sign_in_{store_, storage_, hashing_, passwords_};
  PasswordCheck outside_passwords_{store_, storage_, hashing_, &outside_};
  Auth outside_auth_{store_, storage_, outside_passwords_, &tokens_, &outside_};
};

TEST_F(AuthTest, NothingPresentedIsNobody) {
  EXPECT_EQ(check(auth_, {}, caller()).kind, Kind::nobody);
  EXPECT_EQ(check(auth_, {Credentials::Kind::unreadable, "", ""}, caller()).kind, Kind::wrong);
}

TEST_F(AuthTest, Passwords) {
  EXPECT_EQ(password("anna", "right password"), Verdict::known({"anna", {Role::operator_}}));
  EXPECT_EQ(password("anna", "wrong password").kind, Kind::wrong);
  EXPECT_EQ(password("bert", "right password").kind, Kind::wrong);
  EXPECT_EQ(password("", "").kind, Kind::wrong);
  EXPECT_EQ(password("anna", std::string(5000, 'x')).kind, Kind::wrong);
}

TEST_F(AuthTest, AnUnknownUserCostsAsMuchAsAKnownOne) {
  password("anna", "wrong password");
  EXPECT_EQ(hashing_.done, 1u);
  password("bert", "wrong password");
  EXPECT_EQ(hashing_.done, 2u);
  store_.by_name["none"] = {"none", {Role::operator_}, "", {}};
  EXPECT_EQ(password("none", "").kind, Kind::wrong) << "a user without a password has no empty one";
  EXPECT_EQ(hashing_.done, 3u);
}

TEST_F(AuthTest, APasswordThatFittedIsTakenForGrantedForAWhile) {
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(password("anna", "right password").is_known());
  EXPECT_EQ(hashing_.done, 1u);
  EXPECT_EQ(password("anna", "wrong password").kind, Kind::wrong);
  EXPECT_TRUE(password("anna", "right password", caller(301s)).is_known());
  EXPECT_EQ(hashing_.done, 3u) << "not for ever";
  store_.by_name["anna"].password_hash = hash_password("new password").value();
  EXPECT_EQ(password("anna", "right password", caller(302s)).kind, Kind::wrong) << "nor once it is changed";
  store_.by_name.clear();
  EXPECT_EQ(password("anna", "new password", caller(303s)).kind, Kind::wrong);
}

TEST_F(AuthTest, GuessingIsSlowedForTheAccountAndForTheAddress) {
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(password("anna", "guess", caller(0s, "a" + std::to_string(i))).kind, Kind::wrong);
  const Verdict slowed = password("anna", "right password", caller(0s, "elsewhere"));
  EXPECT_EQ(slowed.kind, Kind::slowed) << "also for the right one, or it would tell";
  EXPECT_EQ(slowed.retry_after, 1s);
  EXPECT_TRUE(password("anna", "right password", caller(1s, "elsewhere")).is_known());
  // Many accounts from one address.
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(password("user" + std::to_string(i), "guess", caller(2s, "bad")).kind, Kind::wrong);
  }
  EXPECT_EQ(password("anna", "right password", caller(2s, "bad")).kind, Kind::slowed);
  EXPECT_TRUE(password("anna", "right password", caller(2s, "good")).is_known());
}

TEST_F(AuthTest, ANetworkOfIpv6AddressesIsOne) {
  EXPECT_EQ(PasswordCheck::key_of_address("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(PasswordCheck::key_of_address("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(PasswordCheck::key_of_address("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2/64");
  EXPECT_EQ(PasswordCheck::key_of_address("2001:db8:1:2:ffff:4:5:6"), "2001:db8:1:2/64");
  EXPECT_EQ(PasswordCheck::key_of_address("2001:db8::1"), PasswordCheck::key_of_address("2001:db8::2"));
}

TEST_F(AuthTest, AFullPoolTurnsAwayAndForgivesTheAttempt) {
  hashing_.room = 0;
  for (int i = 0; i < 30; ++i) EXPECT_EQ(password("anna", "right password").kind, Kind::slowed);
  hashing_.room = 10;
  EXPECT_TRUE(password("anna", "right password").is_known());
  storage_.room = 0;
  EXPECT_EQ(password("anna", "right password").kind, Kind::unavailable);
  EXPECT_EQ(session("x").kind, Kind::unavailable);
  EXPECT_EQ(bearer("tutti_x").kind, Kind::unavailable);
}

TEST_F(AuthTest, WithoutItsDatabaseNobodyIsLetIn) {
  store_.broken = true;
  EXPECT_EQ(password("anna", "right password").kind, Kind::unavailable);
  EXPECT_EQ(session("x").kind, Kind::unavailable);
  EXPECT_EQ(bearer("tutti_x").kind, Kind::unavailable);
  EXPECT_EQ(sign_in("anna", "right password").session, "");
}

TEST_F(AuthTest, SignInMakesASessionThatSlidesAndEnds) {
  EXPECT_EQ(sign_in("anna", "wrong").verdict.kind, Kind::wrong);
  const auto signed_in = sign_in("anna", "right password");
  ASSERT_TRUE(signed_in.verdict.is_known());
  EXPECT_EQ(signed_in.session.size(), 43u);
  ASSERT_EQ(store_.sessions.size(), 1u);
  EXPECT_EQ(store_.sessions[0].digest, digest_of(signed_in.session)) << "only its digest is kept";
  EXPECT_EQ(session(signed_in.session), Verdict::known({"anna", {Role::operator_}}));
  EXPECT_EQ(session(signed_in.session + "x").kind, Kind::wrong);
  EXPECT_EQ(session("").kind, Kind::wrong);

  const WallTime first = store_.sessions[0].expires;
  session(signed_in.session, caller(30min));
  EXPECT_EQ(store_.sessions[0].expires, first) << "not written at every request";
  session(signed_in.session, caller(24h));
  EXPECT_EQ(store_.sessions[0].expires.since_unix_epoch, first.since_unix_epoch + 24h);
  EXPECT_TRUE(session(signed_in.session, caller(30 * 24h)).is_known());
  EXPECT_EQ(session(signed_in.session, caller(61 * 24h)).kind, Kind::wrong) << "expired";

  store_.by_name["anna"].roles = {Role::listener};
  EXPECT_EQ(session(signed_in.session).identity.roles, Roles{Role::listener}) << "as they are now";
  sign_in_.sign_out(signed_in.session, [](const Result<void>& done) { EXPECT_TRUE(done); });
  work();
  EXPECT_EQ(session(signed_in.session).kind, Kind::wrong);
}

TEST_F(AuthTest, TokensOfOurs) {
  store_.all_tokens.push_back({1, digest_of("tutti_abc"), "anna", "", {}, WallTime{1'000'100s}});
  EXPECT_EQ(bearer("tutti_abc"), Verdict::known({"anna", {Role::operator_}}));
  EXPECT_EQ(bearer("tutti_abd").kind, Kind::wrong);
  EXPECT_EQ(bearer("abc").kind, Kind::wrong);
  EXPECT_EQ(bearer("a.b.c").kind, Kind::wrong) << "nobody verifies these";
  EXPECT_EQ(bearer("tutti_abc", caller(100s)).kind, Kind::wrong) << "expired";
}

TEST_F(AuthTest, TokensThatProveThemselvesAreNotAskedAboutOutside) {
  judge_.verdict = Verdict::known({"mallory", {Role::operator_}});
  const auto token = [&](const std::string& text) {
    return check(outside_auth_, {Credentials::Kind::bearer, "", text}, caller());
  };
  EXPECT_EQ(token("a.b.c"), Verdict::known({"outsider", {Role::listener}}));
  EXPECT_EQ(token("a.b.d").kind, Kind::wrong);
  EXPECT_EQ(token("tutti_abc").kind, Kind::wrong) << "nor are those that look like ours";
  EXPECT_TRUE(judge_.asked.empty());
  EXPECT_EQ(token("opaque").identity.user, "mallory");
}

TEST_F(AuthTest, TheOutsideDecisionFailsClosedAndIsRememberedForAMoment) {
  const auto ask = [&](const std::string& name, Duration now) {
    return check(outside_auth_, {Credentials::Kind::password, name, "secret"}, caller(now));
  };
  EXPECT_EQ(ask("guest", 0s).kind, Kind::unavailable);
  EXPECT_EQ(ask("guest", 0s).kind, Kind::unavailable);
  EXPECT_EQ(judge_.asked.size(), 2u) << "that nobody could tell is not remembered";
  judge_.verdict = Verdict::known({"guest", {Role::listener}});
  EXPECT_TRUE(ask("guest", 1s).is_known());
  judge_.verdict = Verdict::wrong();
  EXPECT_TRUE(ask("guest", 60s).is_known());
  EXPECT_EQ(judge_.asked.size(), 3u);
  EXPECT_EQ(ask("guest", 61s).kind, Kind::wrong);
  EXPECT_EQ(judge_.asked.size(), 4u);
  // Ours are judged by us alone.
  judge_.verdict = Verdict::known({"anna", {Role::operator_}});
  EXPECT_EQ(ask("anna", 100s).kind, Kind::wrong);
  EXPECT_EQ(judge_.asked.size(), 4u);
}

TEST_F(AuthTest, WrongTokensOutsideCostTheirAddress) {
  judge_.verdict = Verdict::wrong();
  int asked = 0;
  for (int i = 0; i < 100; ++i) {
    const Credentials token{Credentials::Kind::bearer, "", "guess" + std::to_string(i)};
    asked += check(outside_auth_, token, caller()).kind == Kind::wrong;
  }
  EXPECT_EQ(asked, 20);
  EXPECT_EQ(judge_.asked.size(), 20u);
}

TEST_F(AuthTest, TheLinkMakesAnOperatorOnce) {
  store_.by_name.clear();
  const std::string link = sign_in_.make_link({0s});
  EXPECT_EQ(use_link("guess")->verdict.kind, Kind::wrong);
  EXPECT_FALSE(use_link(link, {"anna", "short"})) << "a bad password";
  EXPECT_FALSE(use_link(link, {"a:b", "long enough"})) << "a bad name";
  const auto signed_in = use_link(link, {"anna", "long enough"});
  ASSERT_TRUE(signed_in && signed_in->verdict.is_known()) << "neither has used it up";
  EXPECT_EQ(session(signed_in->session), Verdict::known({"anna", {Role::operator_}}));
  EXPECT_TRUE(password("anna", "long enough").is_known());
  EXPECT_EQ(use_link(link)->verdict.kind, Kind::wrong) << "once";
}

TEST_F(AuthTest, TheLinkExpiresAndAnotherReplacesIt) {
  const std::string first = sign_in_.make_link({0s});
  EXPECT_EQ(use_link(first, {}, caller(kLinkLifetime))->verdict.kind, Kind::wrong);
  const std::string second = sign_in_.make_link({kLinkLifetime});
  EXPECT_EQ(use_link(first, {}, caller(kLinkLifetime))->verdict.kind, Kind::wrong);
  EXPECT_TRUE(use_link(second, {}, caller(kLinkLifetime))->verdict.is_known());
}

TEST_F(AuthTest, TheLinkTakesOverNobody) {
  store_.by_name["listener"] = {"listener", {Role::listener}, "", {}};
  const std::string link = sign_in_.make_link({0s});
  EXPECT_FALSE(use_link(link, {"anna", "long enough"}));
  EXPECT_FALSE(use_link(link, {"listener", "long enough"}));
  EXPECT_TRUE(use_link(link, {"operator", ""})->verdict.is_known());
  EXPECT_EQ(password("operator", "").kind, Kind::wrong);
  // Its bearer has lost the cookie: the next start's link lets them back in.
  const std::string next = sign_in_.make_link({0s});
  EXPECT_TRUE(use_link(next, {"operator", "long enough"})->verdict.is_known());
  EXPECT_TRUE(password("operator", "long enough").is_known());
}

TEST_F(AuthTest, GuessingTheLinkIsSlowed) {
  const std::string link = sign_in_.make_link({0s});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(use_link("guess")->verdict.kind, Kind::wrong);
  EXPECT_EQ(use_link(link)->verdict.kind, Kind::slowed);
}

TEST_F(AuthTest, OutsideUsersGetAShortSessionWithTheirRoles) {
  judge_.verdict = Verdict::known({"guest", {Role::conductor}});
  SignIn outside(store_, storage_, hashing_, outside_passwords_);
  std::optional<SignIn::SignedIn> out;
  outside.with_password("guest", "secret", caller(), "", [&](auto done) { out = std::move(done); });
  work();
  ASSERT_TRUE(out && out->verdict.is_known());
  EXPECT_EQ(session(out->session).identity.roles, Roles{Role::conductor});
  session(out->session, caller(11h));
  EXPECT_EQ(session(out->session, caller(13h)).kind, Kind::wrong) << "and it does not slide";
}

TEST(Roles, AnOperatorMayAll) {
  const Roles operators{Role::operator_}, listeners{Role::listener};
  for (const Role role : {Role::listener, Role::conductor, Role::source, Role::operator_}) {
    EXPECT_TRUE(operators.allow(role));
    EXPECT_EQ(listeners.allow(role), role == Role::listener);
    EXPECT_FALSE(Roles().allow(role));
    EXPECT_EQ(role_of(name_of(role)), role);
  }
  EXPECT_EQ(Roles::from_bits(operators.bits()), operators);
  EXPECT_EQ(Roles::from_bits(0x7FFFFFF0).bits(), 0);
  EXPECT_EQ(known_roles({"listener", "admin", "Operator"}), listeners);
  EXPECT_EQ((Roles{Role::source, Role::listener}.names()), (std::vector<std::string>{"listener", "source"}));
}

TEST(UserName, WhatIsOne) {
  for (const auto* name : {"anna", "Анна К.", "a b", "anna@example.org"})
    EXPECT_TRUE(check_user_name(name)) << name;
  for (const auto* name : {"", "a:b", " a", "a ", "a\nb", "\xFF"})
    EXPECT_FALSE(check_user_name(name)) << name;
  EXPECT_FALSE(check_user_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace tutti::app
