#include "base/spsc_ring.h"

#include <cstdint>
#include <deque>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(SpscRing, TakesWhatFitsAndGivesWhatIsThere) {
  SpscRing<int> ring(4);
  const std::vector<int> in{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(ring.capacity(), 4u);
  EXPECT_EQ(ring.write(in), 4u);
  EXPECT_EQ(ring.write(in), 0u) << "full";
  EXPECT_EQ(ring.size(), 4u);
  std::vector<int> out(3);
  EXPECT_EQ(ring.read(out), 3u);
  EXPECT_EQ(out, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(ring.write(std::span(in).subspan(4)), 2u) << "around the end";
  EXPECT_EQ(ring.read(out), 3u);
  EXPECT_EQ(out, (std::vector<int>{4, 5, 6}));
  EXPECT_EQ(ring.read(out), 0u) << "empty";
}

// However it is written and read, what comes out is what went in, as of a queue.
TEST(SpscRing, IsAQueue) {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    SpscRing<std::uint8_t> ring(1 + random() % 40);
    std::deque<std::uint8_t> model;
    for (int step = 0; step < 400; ++step) {
      std::vector<std::uint8_t> piece(random() % 50);
      if (random() % 2 == 0) {
        for (auto& byte : piece) byte = static_cast<std::uint8_t>(random());
        const std::size_t taken = ring.write(piece);
        ASSERT_EQ(taken, std::min(piece.size(), ring.capacity() - model.size()));
        model.insert(model.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(taken));
      } else {
        const std::size_t given = ring.read(piece);
        ASSERT_EQ(given, std::min(piece.size(), model.size()));
        ASSERT_TRUE(
            std::equal(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(given), model.begin()));
        model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(given));
      }
      ASSERT_EQ(ring.size(), model.size());
    }
  }
}

// One thread writes, one reads, a third looks on; ThreadSanitizer watches all three.
TEST(SpscRing, CarriesEverythingFromThreadToThread) {
  constexpr std::uint32_t kCount = 300'000;
  SpscRing<std::uint32_t> ring(1000);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    std::vector<std::uint32_t> piece(117);
    for (std::uint32_t next = 0; next < kCount;) {
      const auto length = std::min<std::uint32_t>(static_cast<std::uint32_t>(piece.size()), kCount - next);
      std::iota(piece.begin(), piece.end(), next);
      const auto taken = static_cast<std::uint32_t>(ring.write(std::span(piece).first(length)));
      if (taken == 0) std::this_thread::yield();
      next += taken;
    }
  });
  std::thread onlooker([&] {
    while (!done) EXPECT_LE(ring.size(), ring.capacity());
  });
  std::vector<std::uint32_t> out(211);
  std::uint32_t expected = 0;
  bool in_order = true;
  while (expected < kCount) {
    const std::size_t n = ring.read(out);
    if (n == 0) std::this_thread::yield();
    for (std::size_t i = 0; i < n; ++i) in_order = in_order && out[i] == expected++;
  }
  done = true;
  writer.join();
  onlooker.join();
  EXPECT_TRUE(in_order);
  EXPECT_EQ(ring.size(), 0u);
}

}  // namespace
}  // namespace tutti
