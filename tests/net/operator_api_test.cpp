#include "net/operator_api.h"

#include "net/identify.h"

#include <gtest/gtest.h>

namespace tutti::net {
namespace {

using Kind = OperatorAction::Kind;

TEST(OperatorAction, Paths) {
  const auto match = [](const std::string& path) {
    const auto action = match_operator_action(path);
    return action ? std::pair(static_cast<int>(action->kind), action->route) : std::pair(-1, std::string());
  };
  const auto is = [](Kind kind, const std::string& route) {
    return std::pair(static_cast<int>(kind), route);
  };
  EXPECT_EQ(match("/next-track/humor"), is(Kind::next, "/humor"));
  EXPECT_EQ(match("/next-track/a/b/"), is(Kind::next, "/a/b"));
  EXPECT_EQ(match("/next-track/"), is(Kind::next, "/"));
  EXPECT_EQ(match("/next-track"), is(Kind::next, "/"));
  EXPECT_EQ(match("/prev-track/humor"), is(Kind::previous, "/humor"));
  EXPECT_EQ(match("/shuffle-playlist/humor"), is(Kind::shuffle, "/humor"));
  EXPECT_EQ(match("/set-shuffle/humor/on"), is(Kind::shuffle_on, "/humor"));
  EXPECT_EQ(match("/set-shuffle/humor/off"), is(Kind::shuffle_off, "/humor"));
  EXPECT_EQ(match("/set-shuffle/on"), is(Kind::shuffle_on, "/"));
  EXPECT_EQ(match("/set-shuffle//off"), is(Kind::shuffle_off, "/"));
  EXPECT_EQ(match("/clear-history/humor"), is(Kind::clear_history, "/humor"));
  for (const auto* path :
       {"/next-tracks/humor", "/set-shuffle/humor", "/set-shuffle", "/humor/next-track", "/"}) {
    EXPECT_FALSE(match_operator_action(path)) << path;
  }
}

HttpRequest post(const std::vector<std::pair<std::string, std::string>>& headers) {
  HttpRequest request{http::verb::post, "/", 11};
  request.set(http::field::host, "radio.example:9999");
  for (const auto& [name, value] : headers) request.set(name, value);
  return request;
}

TEST(CrossSite, PagesOfOtherSitesChangeNothing) {
  const auto refused = [](std::vector<std::pair<std::string, std::string>> headers, Credentials::Kind kind) {
    return refuse_cross_site(post(headers), kind).has_value();
  };
  using enum Credentials::Kind;
  for (const auto kind : {session, password, none, unreadable}) {
    EXPECT_TRUE(refused({{"Origin", "http://evil.example"}}, kind));
    EXPECT_TRUE(refused({{"Origin", "null"}}, kind));
    EXPECT_TRUE(refused({{"Sec-Fetch-Site", "cross-site"}}, kind));
    EXPECT_TRUE(refused({{"Sec-Fetch-Site", "same-site"}}, kind)) << "a neighbour is a stranger";
    EXPECT_FALSE(refused({{"Origin", "http://radio.example:9999"}}, kind));
    EXPECT_FALSE(refused({{"Sec-Fetch-Site", "same-origin"}}, kind));
    EXPECT_FALSE(refused({{"X-Requested-With", "XMLHttpRequest"}}, kind));
    EXPECT_TRUE(refused({{"Origin", "http://evil.example"}, {"X-Requested-With", "XMLHttpRequest"}}, kind));
  }
  EXPECT_TRUE(refused({}, session)) << "nobody says where this comes from";
  EXPECT_FALSE(refused({}, password)) << "a script";
  EXPECT_FALSE(refused({{"Origin", "http://evil.example"}}, bearer)) << "no browser adds a token by itself";
  HttpRequest get{http::verb::get, "/", 11};
  get.set("Origin", "http://evil.example");
  EXPECT_FALSE(refuse_cross_site(get, session));
}

TEST(Identify, WhatARequestPresents) {
  HttpRequest request{http::verb::get, "/", 11};
  const auto target = protocol::parse_request_target("/a?token=abc").value();
  const auto present = [&] { return credentials_of(request, target); };
  EXPECT_EQ(present().kind, Credentials::Kind::bearer);
  EXPECT_EQ(present().secret, "abc");
  request.set(http::field::cookie, "session_id=xyz");
  EXPECT_EQ(present().secret, "abc") << "a link that somebody has followed, with an old cookie perhaps";
  EXPECT_EQ(credentials_of(request, protocol::parse_request_target("/a").value()).kind,
            Credentials::Kind::session);
  request.set(http::field::authorization, "Bearer def");
  EXPECT_EQ(present().secret, "def");
  request.set(http::field::authorization, "Nonsense");
  EXPECT_EQ(present().kind, Credentials::Kind::unreadable) << "no falling back to something better";
  HttpRequest change{http::verb::post, "/", 11};
  EXPECT_EQ(credentials_of(change, target).kind, Credentials::Kind::none) << "no change by an address alone";
}

TEST(Identify, Refusals) {
  const HttpRequest request = post({});
  const auto status = [&](const app::Verdict& verdict, app::Role role) {
    const auto refused = refuse_unless(role, verdict, request);
    return refused ? refused->status : http::status::ok;
  };
  using app::Role;
  using app::Verdict;
  EXPECT_EQ(status({}, Role::listener), http::status::unauthorized);
  EXPECT_EQ(status(Verdict::wrong(), Role::listener), http::status::unauthorized);
  EXPECT_EQ(status(Verdict::slowed(Duration{1}), Role::listener), http::status::too_many_requests);
  EXPECT_EQ(status(Verdict::unavailable(), Role::listener), http::status::service_unavailable);
  EXPECT_EQ(status(Verdict::known({"a", {}}), Role::listener), http::status::forbidden);
  EXPECT_EQ(status(Verdict::known({"a", {Role::listener}}), Role::operator_), http::status::forbidden);
  EXPECT_EQ(status(Verdict::known({"a", {Role::operator_}}), Role::listener), http::status::ok);
  EXPECT_EQ(
      refuse_unless_known(Verdict::slowed(std::chrono::milliseconds(1500)), request)->headers.back().second,
      "2");
  // A page's script must not make the browser ask in its own window.
  const auto challenge = [](const HttpRequest& asked) {
    return refuse_unless_known({}, asked)->headers.back().second;
  };
  EXPECT_TRUE(challenge(request).starts_with("Basic"));
  EXPECT_TRUE(challenge(post({{"Sec-Fetch-Site", "same-origin"}})).starts_with("Bearer"));
}

}  // namespace
}  // namespace tutti::net
