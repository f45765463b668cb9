#include "protocol/credentials.h"

#include "protocol/auth_exchange.h"

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using Kind = Credentials::Kind;

TEST(Credentials, Authorization) {
  EXPECT_EQ(parse_authorization("").kind, Kind::none);
  const auto bearer = parse_authorization("bearer  abc.def ");
  EXPECT_EQ(bearer.kind, Kind::bearer);
  EXPECT_EQ(bearer.secret, "abc.def");
  const auto basic = parse_authorization("Basic YW5uYTpzZTpjcmV0");
  EXPECT_EQ(basic.kind, Kind::password);
  EXPECT_EQ(basic.name, "anna");
  EXPECT_EQ(basic.secret, "se:cret") << "a password may hold a colon";
  for (const auto* header : {"Bearer", "Basic", "Basic ", "Basic YW5uYQ==", "Basic !!!", "Digest x=y", "anna",
                             "Basic YW5uYTpz ZTpjcmV0", "Bearer a b"}) {
    EXPECT_EQ(parse_authorization(header).kind, Kind::unreadable) << header;
  }
  EXPECT_EQ(parse_authorization("Bearer " + std::string(9000, 'x')).kind, Kind::unreadable);
}

TEST(Credentials, Cookies) {
  EXPECT_EQ(find_cookie("session_id=abc", "session_id"), "abc");
  EXPECT_EQ(find_cookie("a=b;session_id=abc ; c=d", "session_id"), "abc");
  EXPECT_EQ(find_cookie("session_id=first; session_id=second", "session_id"), "first");
  for (const auto* header :
       {"", ";;;", "session_id", "session_id=", "xsession_id=a", "Session_Id=a", "a=session_id=b"}) {
    EXPECT_EQ(find_cookie(header, "session_id"), std::nullopt) << header;
  }
  EXPECT_EQ(find_cookie("session_id=" + std::string(300, 'x'), "session_id"), std::nullopt);
}

TEST(Credentials, TheSessionsCookieIsOutOfReach) {
  EXPECT_EQ(session_cookie("abc", std::chrono::seconds(60), false),
            "session_id=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
  EXPECT_EQ(session_cookie("", std::chrono::seconds(0), true),
            "session_id=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
}

TEST(AuthExchange, QuestionAndAnswer) {
  EXPECT_EQ(auth_question({Kind::password, "an\"na", "x"}, "::1"),
            R"({"kind":"password","name":"an\"na","password":"x","address":"::1"})");
  EXPECT_EQ(auth_question({Kind::bearer, "", "t"}, "::1"),
            R"({"kind":"bearer","token":"t","address":"::1"})");
  const auto answer = parse_auth_answer(R"({"user":"anna","roles":["listener"],"more":1})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->user, "anna");
  EXPECT_EQ(answer->roles, std::vector<std::string>{"listener"});
  EXPECT_TRUE(parse_auth_answer(R"({"user":"anna"})")->roles.empty());
  for (const auto* body : {"", "true", "{}", R"({"user":""})", R"({"user":1})", R"({"user":"a","user":"b"})",
                           R"({"user":"a","roles":[[]]})", R"({"user":"a","roles":null})"}) {
    EXPECT_FALSE(parse_auth_answer(body)) << body;
  }
}

TEST(AuthExchange, Url) {
  const auto url = parse_auth_url("http://localhost:8000/check?realm=a%20b").value();
  EXPECT_EQ(url.host, "localhost");
  EXPECT_EQ(url.port, "8000");
  EXPECT_EQ(url.authority, "localhost:8000");
  EXPECT_EQ(url.target, "/check?realm=a%20b");
  EXPECT_EQ(parse_auth_url("http://[::1]")->host, "::1");
  EXPECT_EQ(parse_auth_url("http://[::1]")->target, "/");
  EXPECT_EQ(parse_auth_url("http://a")->port, "80");
  for (const auto* text :
       {"", "localhost", "https://a/", "http:///x", "http://u:p@a/", "http://a/#b", "http://a b/"}) {
    EXPECT_FALSE(parse_auth_url(text)) << text;
  }
}

}  // namespace
}  // namespace tutti::protocol
