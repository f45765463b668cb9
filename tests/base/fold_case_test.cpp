#include "base/fold_case.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(FoldCase, MakesCapitalsSmall) {
  EXPECT_EQ(fold_case("ABC xyz 123 [\\]"), "abc xyz 123 [\\]");
  EXPECT_EQ(fold_case("ÀÉÎÕÜÞ × ÷ ß ÿ Ÿ"), "àéîõüþ × ÷ ß ÿ ÿ");
  EXPECT_EQ(fold_case("ŁÓDŹ ŽŠČ İı"), "łódź žšč İı");
  EXPECT_EQ(fold_case("ΚΌΣΜΟΣ κόσμος"), "κΌσμοσ κόσμοσ") << "accented Greek capitals are left alone";
  EXPECT_EQ(fold_case("ЁЛКА ёлка ЇЖАК Ѣ Ґ"), "елка елка їжак ѣ ґ");
  EXPECT_EQ(fold_case("日本 🎵"), "日本 🎵");
}

TEST(FoldCase, IsIdempotentAndHarmless) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 12, ' ');
    for (auto& c : text) c = static_cast<char>(random());
    const std::string once = fold_case(text);
    ASSERT_EQ(once.size(), text.size());
    ASSERT_EQ(fold_case(once), once);
  }
}

}  // namespace
}  // namespace tutti
