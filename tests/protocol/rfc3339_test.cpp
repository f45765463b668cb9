#include "protocol/rfc3339.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kMay = 1'652'087'347'000ms;  // 2022-05-09T09:09:07Z

TEST(Rfc3339, ReadsEverySpellingOfAMoment) {
  for (const auto* text :
       {"2022-05-09T09:09:07Z", "2022-05-09T09:09:07+0000", "2022-05-09T09:09:07+00:00",
        "2022-05-09T09:09:07-00:00", "2022-05-09t09:09:07z", "2022-05-09 09:09:07Z",
        "2022-05-09T09:09:07.000Z", "2022-05-09T12:09:07+03:00", "2022-05-09T12:09:07+0300",
        "2022-05-08T23:39:07-0930", "2022-05-09T09:09:07.0009999999999Z"}) {
    const auto t = parse_rfc3339(text);
    ASSERT_TRUE(t) << text << ": " << t.error().message;
    EXPECT_EQ(*t, kMay) << text;
  }
  EXPECT_EQ(*parse_rfc3339("2022-05-09T09:09:07.5Z"), kMay + 500ms);
  EXPECT_EQ(*parse_rfc3339("2022-05-09T09:09:07.123456+0000"), kMay + 123ms);
  EXPECT_EQ(*parse_rfc3339("2016-12-31T23:59:60Z"), *parse_rfc3339("2017-01-01T00:00:00Z"));
  EXPECT_EQ(*parse_rfc3339("1970-01-01T00:00:00Z"), 0ms);
  EXPECT_LT(*parse_rfc3339("0000-01-01T00:00:00+23:59"), *parse_rfc3339("0000-01-01T00:00:00Z"));
}

TEST(Rfc3339, RefusesWhatIsNoMoment) {
  for (const auto* text : {"",
                           "now",
                           "2022-05-09",
                           "2022-05-09T09:09:07",
                           "2022-05-09T09:09Z",
                           "2022-05-09T09:09:07.Z",
                           "2022-02-30T00:00:00Z",
                           "2022-13-01T00:00:00Z",
                           "2022-00-01T00:00:00Z",
                           "2022-01-00T00:00:00Z",
                           "2022-05-09T24:00:00Z",
                           "2022-05-09T09:60:07Z",
                           "2022-05-09T09:09:61Z",
                           "2022-05-09T09:09:07+24:00",
                           "2022-05-09T09:09:07+00:60",
                           "2022-05-09T09:09:07+00",
                           "2022-05-09T09:09:07Z ",
                           " 2022-05-09T09:09:07Z",
                           "02022-05-09T09:09:07Z",
                           "+022-05-09T09:09:07Z",
                           "2022-5-9T09:09:07Z",
                           "2022-05-09T09:09:07,5Z",
                           "1652087347",
                           "2022-05-09T09:09:07.000000000000000000000000000000000000000000000000000000Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
  EXPECT_FALSE(parse_rfc3339(std::string_view("2022-05-09T09:09:07Z\0", 21)));
}

TEST(Rfc3339, WritesLikeTheDocument) {
  EXPECT_EQ(format_rfc3339(kMay, Zone::basic), "2022-05-09T09:09:07+0000");
  EXPECT_EQ(format_rfc3339(kMay + 40ms, Zone::z), "2022-05-09T09:09:07.040Z");
  EXPECT_EQ(format_rfc3339(-1ms, Zone::z), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_rfc3339(milliseconds::max(), Zone::z), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(format_rfc3339(milliseconds::min(), Zone::z), "0000-01-01T00:00:00Z");
}

TEST(Rfc3339, WhatIsWrittenIsRead) {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<std::int64_t> any(-62'167'219'200'000, 253'402'300'799'999);
  for (int i = 0; i < 10'000; ++i) {
    const milliseconds t(any(random));
    ASSERT_EQ(parse_rfc3339(format_rfc3339(t, i % 2 == 0 ? Zone::z : Zone::basic)), t);
  }
}

}  // namespace
}  // namespace tutti::protocol
