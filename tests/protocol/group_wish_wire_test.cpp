#include "protocol/group_wish_wire.h"

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using namespace std::chrono_literals;

TEST(GroupWishWire, ReadsAllOfAWish) {
  const auto wish = parse_group_wish(
      R"({"tracks":[3,1],"track":1,"shuffle":true,"repeat":"one","position":12.5,"play":false})");
  ASSERT_TRUE(wish) << wish.error().message;
  GroupWish expected;
  expected.tracks = {TrackId{3}, TrackId{1}};
  expected.track = TrackId{1};
  expected.is_shuffled = true;
  expected.repeat = PrivateTimeline::Repeat::one;
  expected.position = 12'500ms;
  expected.is_playing = false;
  EXPECT_EQ(*wish, expected);
  EXPECT_EQ(parse_group_wish("{}"), GroupWish{});
  EXPECT_EQ(parse_group_wish(R"({"tracks":null})")->tracks, std::vector<TrackId>{});
}

TEST(GroupWishWire, SaysWhatIsWrong) {
  const auto says = [](std::string_view body, std::string_view what) {
    const auto wish = parse_group_wish(body);
    return !wish && wish.error().message.find(what) != std::string::npos;
  };
  EXPECT_TRUE(says("", "JSON"));
  EXPECT_TRUE(says("[]", "JSON object"));
  EXPECT_TRUE(says("[[[[[[[[]]]]]]]]", "JSON object"));
  EXPECT_TRUE(says(R"({"tracks":[]})", "tracks"));
  EXPECT_TRUE(says(R"({"tracks":[1,"2"]})", "tracks"));
  EXPECT_TRUE(says(R"({"tracks":[0]})", "tracks"));
  EXPECT_TRUE(says(R"({"track":1.5})", "track"));
  EXPECT_TRUE(says(R"({"position":-1})", "position"));
  EXPECT_TRUE(says(R"({"position":1e300})", "position"));
  EXPECT_TRUE(says(R"({"repeat":"twice"})", "repeat"));
  EXPECT_TRUE(says(R"({"play":1})", "play"));
  EXPECT_TRUE(says(R"({"volume":1})", "volume"));
  std::string many = R"({"tracks":[1)";
  for (int i = 0; i < 1000; ++i) many += ",1";
  EXPECT_TRUE(says(many + "]}", "1 to 1000"));
  EXPECT_TRUE(says(std::string(kMostWishBytes + 1, ' '), "32 KiB"));
}

}  // namespace
}  // namespace tutti::protocol
