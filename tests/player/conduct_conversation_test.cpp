#include "player/conduct_conversation.h"

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

constexpr auto kWalk =
    R"({"type":"walk","walk":{"title":"Park"},"assets":[{"id":"forest"}],"sheet":[{"name":"bridge"}],"live":{"now":null,"next":null}})";
constexpr auto kCue = R"({"type":"event","at":1,"kind":"cue","text":"carla: bridge"})";

class ConductConversationTest : public testing::Test {
 protected:
  ConductConversation make(bool is_script) {
    return ConductConversation([this](const std::string& line) { said += line; }, words, is_script);
  }
  std::string said;
  Mailbox<protocol::ConductorWords> words;
};

TEST_F(ConductConversationTest, LinesWaitForTheStateOfTheWalk) {
  auto conversation = make(false);
  conversation.type("bridge");
  EXPECT_FALSE(conversation.speak());
  EXPECT_EQ(conversation.on_text(kWalk, {}), Conversation::Next::more);
  EXPECT_NE(said.find("Conducting Park"), std::string::npos);
  EXPECT_EQ(conversation.speak(), R"({"verb":"cue","name":"bridge"})");
  EXPECT_EQ(words.try_take()->cues, std::vector<std::string>{"bridge"});
  conversation.type("forest:1.5,2");
  conversation.type("\"hi\"");
  conversation.type("stop 2");
  EXPECT_EQ(conversation.speak(), R"({"verb":"cue","a":1.5E0,"b":2E0,"asset":"forest"})");
  EXPECT_EQ(conversation.speak(), R"({"verb":"message","text":"hi"})");
  EXPECT_EQ(conversation.speak(), R"({"verb":"stop","fade_ms":2000})");
  EXPECT_FALSE(conversation.was_refused());
}

TEST_F(ConductConversationTest, AScriptsLinesWaitForAnswersAndItEndsAfterTheLast) {
  auto conversation = make(true);
  conversation.type("bridge");
  conversation.type("stop");
  conversation.end();
  EXPECT_FALSE(conversation.has_left()) << "nothing has been heard of the walk";
  static_cast<void>(conversation.on_text(kWalk, {}));
  EXPECT_TRUE(conversation.speak());
  EXPECT_FALSE(conversation.speak());
  EXPECT_LT(conversation.speaks_at(), std::chrono::steady_clock::time_point::max());
  static_cast<void>(conversation.on_text(kCue, {}));
  EXPECT_FALSE(conversation.speak()) << "somebody else's, perhaps";
  static_cast<void>(conversation.on_text(R"({"type":"done"})", {}));
  EXPECT_NE(said.find("carla: bridge\n"), std::string::npos);
  EXPECT_FALSE(conversation.has_left());
  EXPECT_TRUE(conversation.speak());
  static_cast<void>(conversation.on_text(R"({"type":"error","message":"there is nothing to stop"})", {}));
  EXPECT_TRUE(conversation.has_left());
  EXPECT_TRUE(conversation.was_refused());
  EXPECT_NE(said.find("tutti: there is nothing to stop\n"), std::string::npos);
}

TEST_F(ConductConversationTest, WhatIsWrongIsSaidAndNotSent) {
  auto conversation = make(true);
  static_cast<void>(conversation.on_text(kWalk, {}));
  conversation.type("whatever");
  conversation.type("help");
  conversation.end();
  EXPECT_FALSE(conversation.speak());
  EXPECT_NE(said.find("nothing was sent: expected a,b"), std::string::npos);
  EXPECT_TRUE(conversation.was_refused());
  EXPECT_TRUE(conversation.has_left());
}

TEST_F(ConductConversationTest, WhoShowsTheLatestRows) {
  auto conversation = make(false);
  static_cast<void>(conversation.on_text(kWalk, {}));
  static_cast<void>(conversation.on_text(
      R"({"type":"participants","rows":[{"id":"1","name":"Pixel","connected":true,"ready":false,"latency_us":20500},
          {"id":"2","name":"Gone","connected":false,"ready":true}]})",
      {}));
  static_cast<void>(conversation.on_text(
      R"({"type":"participants","rows":[{"id":"1","name":"Pixel","connected":true,"ready":true,"latency_us":20500,"ack":{"cue":7}}]})",
      {}));
  conversation.type("who");
  EXPECT_FALSE(conversation.speak());
  EXPECT_NE(said.find("  Pixel: ready, 20.5 ms away, acknowledged cue 7\n1 connected, 1 ready\n"),
            std::string::npos)
      << said;
}

TEST_F(ConductConversationTest, WhatComesCannotSteerTheTerminal) {
  auto conversation = make(false);
  static_cast<void>(conversation.on_text(kWalk, {}));
  said.clear();
  static_cast<void>(conversation.on_text(
      "{\"type\":\"event\",\"kind\":\"ack\",\"latency_ms\":31.25,\"text\":\"\\u001b[2J\\nPixel plays\"}",
      {}));
  EXPECT_EQ(said, " [2J Pixel plays (31.2 ms)\n");
  EXPECT_FALSE(conversation.on_text("no JSON", {}));
  for (const auto* odd :
       {"{}", R"({"type":7})", R"({"type":"participants","rows":7})",
        R"({"type":"participants","rows":[7,{}]})",
        R"({"type":"walk","sheet":[7,{"name":7}],"assets":{},"walk":7})", R"({"type":"event"})"}) {
    EXPECT_TRUE(conversation.on_text(odd, {})) << odd;
  }
}

TEST_F(ConductConversationTest, AfterALossItStartsAnew) {
  auto conversation = make(true);
  static_cast<void>(conversation.on_text(kWalk, {}));
  conversation.type("bridge");
  EXPECT_TRUE(conversation.speak());
  EXPECT_EQ(conversation.on_closed(1006, ""), Conversation::Next::more);
  conversation.begin();
  EXPECT_NE(said.find("is not known"), std::string::npos);
  conversation.type("stop");
  EXPECT_FALSE(conversation.speak()) << "the state comes first";
  static_cast<void>(conversation.on_text(kWalk, {}));
  EXPECT_TRUE(conversation.speak());
}

}  // namespace
}  // namespace tutti::player
