#include "server/walk_plan.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

namespace tutti::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string wrong(std::string_view text) {
  WalkPlan plan;
  const auto read = read_walk_toml(text, "walk.toml", plan);
  return read ? "" : read.error().message;
}

TEST(WalkToml, SaysWhatThereIs) {
  WalkPlan plan;
  const auto read = read_walk_toml(R"(
title = "Парк"
text = "An evening walk"
welcome = "Hello"
languages = ["en", "ru"]

[[cue]]
name = "gate"
a = 0
b = 5

[[cue]]
name = "bridge"
asset = "Лес.wav"
a = 12.5
b = 47
note = "wait for the bus"
volume = 80
loop = true

[assets.les]
title = "The forest"
)",
                                   "walk.toml", plan);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(plan.about, (WalkAbout{"Парк", "An evening walk", "Hello", {"en", "ru"}}));
  const std::vector<WalkCue> expected = {{"gate", {"", 0s, 5s}, ""},
                                         {"bridge", {"les", 12'500ms, 47s, 80, true}, "wait for the bus"}};
  EXPECT_EQ(plan.sheet, expected);
  EXPECT_EQ(plan.assets.titles.at("les"), "The forest");
}

TEST(WalkToml, ErrorsNameTheLineAndWhatWasExpected) {
  EXPECT_THAT(wrong("title = 5"), HasSubstr("walk.toml, line 1: title is a text in quotes"));
  EXPECT_THAT(wrong("\n\ntitle = \"x"), HasSubstr("walk.toml, line 3:"));
  EXPECT_THAT(wrong("\ntitel = \"x\""),
              HasSubstr("line 2: 'titel' is not known here; there are: assets, cue"));
  EXPECT_THAT(wrong("[[cue]]\nname = \"x\"\na = 1"), HasSubstr("b is a number of seconds"));
  EXPECT_THAT(wrong("[[cue]]\nname = \"x\"\na = 5\nb = 5"), HasSubstr("line 1: a cue ends after it begins"));
  EXPECT_THAT(wrong("[[cue]]\na = 1\nb = 2"), HasSubstr("needs a name"));
  EXPECT_THAT(wrong("[[cue]]\nname = \"x\"\na = 1\nb = 2\nvolume = 101"), HasSubstr("line 5: volume"));
  EXPECT_THAT(wrong("[[cue]]\nname = \"x\"\na = 1\nb = 2\nloop = 1"), HasSubstr("true or false"));
  EXPECT_THAT(wrong("[cue]\nname = \"x\""), HasSubstr("[[cue]]"));
  EXPECT_THAT(wrong("assets = 1"), HasSubstr("a table"));
  EXPECT_THAT(wrong("languages = \"en\""), HasSubstr("a list of texts"));
  EXPECT_THAT(wrong("[[cue]]\nname = \"x\"\na = 1\nb = 2\n[[cue]]\nname = \"x\"\na = 1\nb = 2"),
              HasSubstr("line 5: another cue"));
}

TEST(WalkPlan, NothingIsNoWalk) {
  const auto plan = plan_walk("/there/is/no/such/thing");
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message, HasSubstr("--walk"));
}

}  // namespace
}  // namespace tutti::server
