// What a client reads of a walk, and what a store keeps of it.
#include "protocol/kept_walk.h"
#include "protocol/walk_json.h"
#include "tests/protocol/sample_walk.h"

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using namespace std::chrono_literals;
using sendspin::ServerState;

Result<ServerState> read(std::string_view text) {
  auto message = sendspin::parse_server_message(text);
  if (!message) return tl::make_unexpected(message.error());
  return std::get<ServerState>(*message);
}

Result<ServerState> read_walk(const std::string& walk) {
  return read(R"({"type":"server/state","payload":{"_walk":)" + walk + "}}");
}

TEST(WalkState, WhatTheServerPrintsIsReadAsItWasMeant) {
  const Walk walk = sample_walk();
  const auto state = read(print_walk_state(walk, WalkKeys::all()));
  ASSERT_TRUE(state) << state.error().message;
  ASSERT_TRUE(state->walk);
  EXPECT_EQ(state->walk->walk, walk);
  EXPECT_EQ(state->walk->keys, WalkKeys::all());
  EXPECT_EQ(state->walk->urls, (std::vector<std::string>{"/walk/assets/forest", "/walk/assets/sea"}));
  EXPECT_EQ(*read(sendspin::print(sendspin::ServerMessage(*state))), *state);
}

TEST(WalkState, OnlyWhatIsThereHasChanged) {
  WalkKeys armed;
  armed.armed = true;
  const auto state = read(print_walk_state(Walk{}, armed));
  ASSERT_TRUE(state && state->walk);
  EXPECT_EQ(state->walk->keys, armed);
  EXPECT_EQ(state->walk->walk, Walk{});
  EXPECT_FALSE(read(R"({"type":"server/state","payload":{}})")->walk);
}

TEST(WalkState, WhatIsNoWalkIsRefused) {
  const auto asset = [](const char* url, const char* hash) {
    return std::string(
               R"({"assets":[{"id":"a","frames":1,"rate":48000,"ready":true,"bytes":1,"delay":0,"url":")") +
           url + R"(","sha256":")" + hash + R"("}]})";
  };
  const std::string hash(64, '0');
  EXPECT_TRUE(read_walk(asset("/walk/assets/a?x=1", hash.c_str())));
  for (const char* url : {"http://elsewhere/a", "//elsewhere/a", "a", "", R"(/a\r\nHost: b)", "/a b"}) {
    EXPECT_FALSE(read_walk(asset(url, hash.c_str()))) << url;
  }
  EXPECT_FALSE(read_walk(asset("/a", "../../../etc/passwd")));
  EXPECT_FALSE(read_walk(asset("/a", (std::string(63, '0') + "/").c_str())));
  for (const char* walk :
       {R"({"assets":{}})", R"({"assets":[1]})", R"({"sheet":[{"name":"x"}]})",
        R"({"live":{"now":{"id":1}}})", R"({"messages":[{"seq":"1"}]})", R"({"armed":{"from":"x"}})",
        R"({"live":{"now":{"id":1,"asset":"a","a_ms":0,"b_ms":1e300,"start":0}}})",
        R"({"live":{"now":{"id":1,"asset":"a","a_ms":0,"b_ms":1,"start":9007199254740994}}})"}) {
    EXPECT_FALSE(read_walk(walk)) << walk;
  }
}

TEST(WalkState, AWholeWalkMayBeLong) {
  Walk walk;
  for (int i = 0; i < 500; ++i) {
    walk.sheet.push_back({std::to_string(i), {"forest", 0ms, 1s}, std::string(1000, 'x')});
  }
  const std::string text = print_walk_state(walk, WalkKeys::all());
  const auto state = read(text);
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->walk->walk.sheet, walk.sheet);
  EXPECT_FALSE(sendspin::parse_client_message(text)) << "but what clients say may not";
  EXPECT_FALSE(read(std::string(5 << 20, ' ')));
}

TEST(KeptWalk, IsReadAsItWasKept) {
  KeptWalk kept{sample_walk(), true, true, {18, 3}};
  kept.walk.lead = {{}, {}, 2000ms};
  kept.walk.assets.clear();
  kept.walk.about.welcome = "Put on your\nheadphones.";
  const auto again = parse_kept_walk(format_kept_walk(kept));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->walk, kept.walk);
  EXPECT_TRUE(again->has_sheet);
  EXPECT_EQ(again->counts.cue, 18);
  EXPECT_EQ(again->counts.message, 3);
  for (const char* text :
       {"", "[]", "{}", R"({"last_cue":1})", R"({"last_cue":1,"last_message":2,"live":3})"}) {
    EXPECT_FALSE(parse_kept_walk(text)) << text;
  }
}

TEST(KeptWalk, AnEventIsReadAsItWasKept) {
  for (const WalkEvent& event :
       {WalkEvent{{1'700'000'000s}, WalkEvent::Kind::ack, "pixel", 31'250us, "Pixel 7 plays cue 3, +0.3 ms"},
        WalkEvent{{-5s}, WalkEvent::Kind::lead, std::nullopt, std::nullopt, "анна: lead 2.0 s"}}) {
    const auto again = parse_kept_event(format_kept_event(event));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, event);
  }
  for (const char* text : {"", "{}", R"({"at":1,"kind":"dance","text":""})", R"({"kind":"ack","text":""})"}) {
    EXPECT_FALSE(parse_kept_event(text)) << text;
  }
}

}  // namespace
}  // namespace tutti::protocol
