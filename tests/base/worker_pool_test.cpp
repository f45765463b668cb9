#include "base/worker_pool.h"

#include "base/time.h"

#include <atomic>
#include <future>
#include <stdexcept>

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(WorkerPool, RunsJobsInOrderOnOneThread) {
  WorkerPool pool("test", 1);
  std::vector<int> order;
  std::promise<void> done;
  for (int i = 0; i < 100; ++i) pool.post([&order, i] { order.push_back(i); });
  pool.post([&done] { done.set_value(); });
  done.get_future().wait();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(WorkerPool, SurvivesAJobThatThrows) {
  WorkerPool pool("test", 1);
  std::promise<void> done;
  pool.post([] { throw std::runtime_error("expected by this test"); });
  pool.post([&done] { done.set_value(); });
  done.get_future().wait();
}

TEST(WorkerPool, StopDropsWhatHasNotBegun) {
  WorkerPool pool("test", 1);
  std::promise<void> begun, go_on;
  std::atomic<int> ran = 0;
  pool.post([&] {
    begun.set_value();
    go_on.get_future().wait();
    ++ran;
  });
  for (int i = 0; i < 10; ++i) pool.post([&] { ++ran; });
  begun.get_future().wait();
  std::thread stopper([&] { pool.stop(); });
  go_on.set_value();
  stopper.join();
  const int after_stop = ran;
  pool.post([&] { ++ran; });
  pool.stop();
  EXPECT_EQ(ran, after_stop) << "nothing runs after a stop";
  EXPECT_GE(after_stop, 1);
}

TEST(WallAnchor, IsExactBothWays) {
  const WallAnchor anchor{{Duration(1'700'000'000'123'456)}};
  const ServerTime t{Duration(-5)};
  EXPECT_EQ(anchor.to_server(anchor.to_wall(t)), t);
}

}  // namespace
}  // namespace tutti
