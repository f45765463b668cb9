#include "protocol/byte_range.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using Kind = ByteRange::Kind;

TEST(ByteRange, OnePart) {
  EXPECT_EQ(parse_range("bytes=0-499", 1000), (ByteRange{Kind::part, 0, 500}));
  EXPECT_EQ(parse_range("bytes=500-", 1000), (ByteRange{Kind::part, 500, 500}));
  EXPECT_EQ(parse_range("bytes=-300", 1000), (ByteRange{Kind::part, 700, 300}));
  EXPECT_EQ(parse_range("bytes=999-99999999999999999999", 1000), (ByteRange{Kind::part, 999, 1}));
  EXPECT_EQ(parse_range("bytes=-5000", 1000), (ByteRange{Kind::part, 0, 1000}));
}

TEST(ByteRange, BeyondTheFileThereIsNothing) {
  EXPECT_EQ(parse_range("bytes=1000-", 1000).kind, Kind::none);
  EXPECT_EQ(parse_range("bytes=-0", 1000).kind, Kind::none);
  EXPECT_EQ(parse_range("bytes=0-", 0).kind, Kind::none);
}

TEST(ByteRange, WhatIsNoRangeIsPassedOver) {
  for (const char* header : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-3", "bytes=0-1,5-6",
                             "frames=0-1", "bytes=+1-2", "bytes= 1-2", "bytes=1-x"}) {
    EXPECT_EQ(parse_range(header, 1000), (ByteRange{Kind::all, 0, 1000})) << header;
  }
}

TEST(ByteRange, IsNeverOutsideTheFile) {
  std::mt19937 random(11);
  constexpr std::string_view kChars = "0123456789-,= bytes";
  for (int i = 0; i < 20000; ++i) {
    std::string header = "bytes=";
    for (std::size_t n = random() % 30; n > 0; --n) header += kChars[random() % 12];
    const std::int64_t size = random() % 3000;
    const auto range = parse_range(header, size);
    ASSERT_GE(range.first, 0);
    ASSERT_GE(range.length, 0);
    ASSERT_LE(range.first + range.length, size);
    if (range.kind == Kind::part) {
      ASSERT_GT(range.length, 0);
    }
  }
}

}  // namespace
}  // namespace tutti::protocol
