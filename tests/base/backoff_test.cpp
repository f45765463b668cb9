#include "base/backoff.h"

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(Backoff, DoublesUpToItsBoundAndSpreadsTheRest) {
  Backoff backoff(Duration(1000), Duration(3000));
  EXPECT_EQ(backoff.next(1), Duration(1000));
  EXPECT_EQ(backoff.next(0), Duration(1000)) << "half of 2000";
  EXPECT_EQ(backoff.next(1), Duration(3000));
  EXPECT_EQ(backoff.next(0.5), Duration(2250));
  backoff.reset();
  EXPECT_EQ(backoff.next(1), Duration(1000));
}

}  // namespace
}  // namespace tutti
