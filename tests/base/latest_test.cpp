#include "base/latest.h"

#include <thread>

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(Latest, TheNewestIsReadAndReadAgain) {
  Latest<int> latest;
  EXPECT_EQ(latest.read(), 0);
  latest.publish(1);
  latest.publish(2);
  EXPECT_EQ(latest.read(), 2);
  EXPECT_EQ(latest.read(), 2);
  latest.publish(3);
  EXPECT_EQ(latest.read(), 3);
}

TEST(Latest, ValuesAreWholeAndNeverGoBackWhileAnotherThreadWrites) {
  struct Pair {
    long a = 0, b = 0;
  };
  constexpr long kLast = 200'000;
  Latest<Pair> latest;
  std::thread writer([&] {
    for (long i = 1; i <= kLast; ++i) latest.publish({i, -i});
  });
  long before = 0;
  while (before < kLast) {
    const Pair pair = latest.read();
    ASSERT_EQ(pair.a, -pair.b);
    ASSERT_GE(pair.a, before);
    before = pair.a;
  }
  writer.join();
}

}  // namespace
}  // namespace tutti
