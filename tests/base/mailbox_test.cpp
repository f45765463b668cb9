#include "base/mailbox.h"

#include <memory>
#include <thread>

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(Mailbox, TheNewestWinsAndAClosedOneGivesWhatIsLeft) {
  Mailbox<std::unique_ptr<int>> box;
  box.post(std::make_unique<int>(1));
  box.post(std::make_unique<int>(2));
  box.close();
  const auto value = box.take();
  ASSERT_TRUE(value);
  EXPECT_EQ(**value, 2);
  EXPECT_FALSE(box.take());
  EXPECT_FALSE(box.take());
}

TEST(Mailbox, WakesWhoWaits) {
  Mailbox<int> box;
  int sum = 0;
  std::thread taker([&] {
    while (const auto value = box.take()) sum += *value;
  });
  box.post(7);
  box.close();
  taker.join();
  EXPECT_EQ(sum, 7);
}

}  // namespace
}  // namespace tutti
