#include "base/rare.h"

#include <string>

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(RareTest, IsEmptyUntilItIsSet) {
  Rare<std::string> value;
  EXPECT_TRUE(value->empty());
  value.set("here");
  EXPECT_EQ(*value, "here");
  value.set("");
  EXPECT_TRUE(value->empty());
}

TEST(RareTest, TheEmptyOneIsOneForAll) {
  const Rare<std::string> one, other(std::string{});
  EXPECT_EQ(&*one, &*other);
}

TEST(RareTest, IsMovedWithWhatItHolds) {
  Rare<std::string> from(std::string("a text that is too long to lie in the string itself"));
  const char* const text = from->data();
  const Rare<std::string> to = std::move(from);
  EXPECT_EQ(to->data(), text);
}

TEST(RareTest, TakesNoMoreThanAPointer) { EXPECT_EQ(sizeof(Rare<std::string>), sizeof(void*)); }

}  // namespace
}  // namespace tutti
