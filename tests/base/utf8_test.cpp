#include "base/utf8.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(Utf8, ValidTextIsLeftAlone) {
  for (const std::string text : {"", "plain", "Утро 🎧", "日本語", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(to_valid_utf8(text), text);
  }
}

TEST(Utf8, EveryInvalidByteIsReplaced) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(to_valid_utf8("a\xFFz"), "a" + mark + "z");
  EXPECT_EQ(to_valid_utf8("\xC0\xAF"), mark + mark) << "overlong";
  EXPECT_EQ(to_valid_utf8("\xED\xA0\x80"), mark + mark + mark) << "surrogate";
  EXPECT_EQ(to_valid_utf8("\xE2\x82"), mark + mark) << "cut short";
  EXPECT_EQ(to_valid_utf8("\xF5\x80\x80\x80"), mark + mark + mark + mark) << "beyond the last code point";
  EXPECT_EQ(to_valid_utf8("a\nb\x7F"), "a b ");
}

TEST(Utf8, AnyBytesBecomeValidAndStaySo) {
  std::mt19937 random(2);
  for (int i = 0; i < 5000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::string once = to_valid_utf8(bytes);
    ASSERT_EQ(to_valid_utf8(once), once);
  }
}

}  // namespace
}  // namespace tutti
