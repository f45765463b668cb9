#include "protocol/route.h"

#include "protocol/directory_routes.h"
#include "protocol/request_target.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

TEST(Route, IsNormalised) {
  for (const auto& [text, route] : std::map<std::string, std::string>{{"", "/"},
                                                                      {"/", "/"},
                                                                      {"//", "/"},
                                                                      {"humor", "/humor"},
                                                                      {"/humor/", "/humor"},
                                                                      {"a//b/", "/a/b"},
                                                                      {"/Юмор 🎧", "/Юмор 🎧"}}) {
    EXPECT_EQ(normalise_route(text).value(), route) << text;
  }
}

TEST(Route, RefusesWhatCannotBeAskedFor) {
  for (const std::string text : {"/..", "a/../b", "/.", "/a?b", "/a#b", "/a%20b", "a\\b", "a\nb", "a\xFF"}) {
    EXPECT_FALSE(normalise_route(text)) << text;
  }
  EXPECT_FALSE(normalise_route(std::string(201, 'a')));
  EXPECT_FALSE(normalise_route(std::string("a\0b", 3)));
}

TEST(Route, KnowsTheServersOwnPaths) {
  for (const auto* route :
       {"/streams", "/api", "/api/v1/x", "/assets/a.js", "/web", "/cues", "/x.m3u", "/stream"}) {
    EXPECT_TRUE(is_reserved_route(route)) << route;
  }
  for (const auto* route : {"/", "/humor", "/streaming", "/humor/api"})
    EXPECT_FALSE(is_reserved_route(route)) << route;
}

TEST(Route, SurvivesTheWayThroughAUrl) {
  for (const std::string route :
       {"/humor", "/a/b", "/Юмор и песни", "/rock & roll; 1+1=2", "/\"quoted\" 🎧"}) {
    const auto target = parse_request_target(url_of_route(route));
    ASSERT_TRUE(target) << route;
    EXPECT_EQ(target->path, route);
  }
}

TEST(RequestTarget, IsTakenApart) {
  const auto target = parse_request_target("/now-playing?route=%2Fhumor&x=1&x=2&flag");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/now-playing");
  EXPECT_EQ(target->parameter("route"), "/humor");
  EXPECT_EQ(target->parameter("x"), "1") << "the first counts";
  EXPECT_EQ(target->parameter("flag"), "");
  EXPECT_EQ(target->parameter("none"), "");
  EXPECT_EQ(parse_request_target("http://host:1/a/b")->path, "/a/b");
  EXPECT_EQ(parse_request_target("/")->path, "/");
}

TEST(RequestTarget, RefusesNonsense) {
  for (const std::string target :
       {"", "*", "a", "/%", "/%2", "/a b", "/../etc/passwd", "/a/%2e%2e/b", "/a/..%2Fb", "/a%2F..", "/%00"}) {
    EXPECT_FALSE(parse_request_target(target)) << target;
  }
  std::string many = "/?";
  for (int i = 0; i < 40; ++i) many += "k" + std::to_string(i) + "=v&";
  EXPECT_FALSE(parse_request_target(many));
}

TEST(DirectoryRoutes, AreAnObjectOfRoutesAndFolders) {
  const auto routes = parse_directory_routes(R"({"humor":"/app/humor","/наука/":"~/science"})");
  ASSERT_TRUE(routes);
  EXPECT_EQ(routes->at("/humor"), "/app/humor");
  EXPECT_EQ(routes->at("/наука"), "~/science");
}

TEST(DirectoryRoutes, RefusesEverythingElseInWords) {
  for (const std::string text : {"", "[]", "{", R"({"a":1})", R"({"a":""})", R"({"a":"/x","/a/":"/y"})",
                                 R"({"..":"/x"})", "humor=/x"}) {
    const auto routes = parse_directory_routes(text);
    ASSERT_FALSE(routes) << text;
    EXPECT_FALSE(routes.error().message.empty());
  }
}

TEST(StreamRoutes, AreSeparatedByCommas) {
  EXPECT_EQ(parse_stream_routes("/,/humor, science,,/humor/").value(),
            (std::vector<std::string>{"/", "/humor", "/science"}));
  EXPECT_TRUE(parse_stream_routes("")->empty());
  EXPECT_FALSE(parse_stream_routes("/a,/b?c"));
}

}  // namespace
}  // namespace tutti::protocol
