#include "protocol/conductor_line.h"

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using namespace std::chrono_literals;

const ConductorWords kWords{{"bridge", "The end", "end", "END", "2, again"}, {"forest", "river"}};

template <class T>
T typed(std::string_view line) {
  const auto parsed = parse_conductor_line(line, kWords);
  EXPECT_TRUE(parsed) << line << ": " << (parsed ? "" : parsed.error().message);
  const T* what = parsed ? std::get_if<T>(&*parsed) : nullptr;
  EXPECT_TRUE(what) << line;
  return what ? *what : T{};
}

std::string refused(std::string_view line) {
  const auto parsed = parse_conductor_line(line, kWords);
  EXPECT_FALSE(parsed) << line;
  const std::string why = parsed ? "" : parsed.error().message;
  EXPECT_TRUE(why.starts_with("nothing was sent: ")) << why;
  return why;
}

TEST(ConductorLine, Parts) {
  EXPECT_EQ(typed<PartTyped>("1,2").a, 1s);
  EXPECT_EQ(typed<PartTyped>("1,2").b, 2s);
  EXPECT_FALSE(typed<PartTyped>("1,2").asset);
  EXPECT_EQ(typed<PartTyped>("  12.5 , 47.125\r\n").a, 12500ms);
  EXPECT_EQ(typed<PartTyped>("12.5,47.125").b, 47125ms);
  EXPECT_EQ(typed<PartTyped>("0,0.001").b, 1ms);
  EXPECT_EQ(typed<PartTyped>("Forest: 0.1,86400").asset, "forest");
  EXPECT_EQ(typed<PartTyped>("river:0,1").asset, "river");
}

TEST(ConductorLine, TheRest) {
  EXPECT_EQ(typed<MessageTyped>(R"("Turn left")").text, "Turn left");
  EXPECT_EQ(typed<MessageTyped>(R"("say "yes" now")").text, R"(say "yes" now)");
  EXPECT_EQ(typed<MessageTyped>(R"("stop")").text, "stop");
  EXPECT_EQ(typed<MessageTyped>("“1,2”").text, "1,2");
  EXPECT_EQ(typed<MessageTyped>("„links“").text, "links");
  EXPECT_EQ(typed<CueTyped>("BRIDGE").name, "bridge");
  EXPECT_EQ(typed<CueTyped>("the end").name, "The end");
  EXPECT_EQ(typed<CueTyped>("END").name, "END");
  EXPECT_EQ(typed<CueTyped>("2, again").name, "2, again");
  EXPECT_EQ(typed<StopTyped>("stop").fade, 0ms);
  EXPECT_EQ(typed<StopTyped>("stop  2.5 ").fade, 2500ms);
  typed<WhoTyped>(" who");
  typed<HelpTyped>("help");
  typed<HelpTyped>("?");
  typed<NothingTyped>("");
  typed<NothingTyped>(" \t");
}

TEST(ConductorLine, WhatIsWrongSaysWhatWasExpected) {
  EXPECT_NE(
      refused("hello").find(
          R"(12.5,47, or asset:a,b, the name of a cue (bridge, The end, end, END, 2, again), "a message")"),
      std::string::npos);
  EXPECT_NE(refused("1.2345,2").find("more than 3 decimals"), std::string::npos);
  EXPECT_NE(refused("2,1").find("1.0 is not after 2.0"), std::string::npos);
  EXPECT_NE(refused("lake:1,2").find("no asset 'lake'; there are: forest, river"), std::string::npos);
  EXPECT_NE(refused("\"hello").find("no closing \""), std::string::npos);
  EXPECT_NE(refused("\"  \"").find("no text"), std::string::npos);
  EXPECT_NE(refused("\"" + std::string(1001, 'x') + "\"").find("1001"), std::string::npos);
  EXPECT_NE(refused("End").find("expected"), std::string::npos) << "which of the two?";
  for (const auto* line :
       {"1,1",         "1,2,3", ",",       "1,",       ",2",          "1.,2",          ".5,1",     "-1,2",
        "1e3,2e3",     "1;2",   "1 2",     "12.5",     "0,86400.001", "100000,100001", "stop now", "stop -1",
        "stop 1.2345", "\"",    "forest:", "forest:1", "NaN,1",       "１,２",         "whom"}) {
    refused(line);
  }
  refused(std::string(5000, '1'));
}

TEST(ConductorLine, Completion) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(complete_conductor_line("b", kWords), Words{"bridge"});
  EXPECT_EQ(complete_conductor_line("ST", kWords), Words{"stop"});
  EXPECT_EQ(complete_conductor_line("en", kWords), (Words{"end", "END"}));
  EXPECT_EQ(complete_conductor_line("f", kWords), Words{"forest:"});
  EXPECT_EQ(complete_conductor_line("", kWords).size(), 10U);
  EXPECT_EQ(complete_conductor_line("", kWords, 3).size(), 3U);
  EXPECT_TRUE(complete_conductor_line("forest:1", kWords).empty());
  EXPECT_TRUE(complete_conductor_line("\"b", kWords).empty());
}

}  // namespace
}  // namespace tutti::protocol
