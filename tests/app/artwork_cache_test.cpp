#include "app/artwork_cache.h"

#include <deque>
#include <random>

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using Kind = ArtworkFormat::Kind;

class FakeMaker : public ArtworkSource {
 public:
  struct Order {
    FileStamp file;
    ArtworkFormat format;
    Done done;
  };
  std::deque<Order> orders;
  std::size_t made = 0;

  void read_artwork(const FileStamp& file, const ArtworkFormat& format, Done done) override {
    orders.push_back({file, format, std::move(done)});
  }
  void answer(std::size_t bytes = 10'000) {
    const Order order = std::move(orders.front());
    orders.pop_front();
    ++made;
    order.done(
        std::make_shared<const Artwork>(Artwork{std::vector<std::uint8_t>(bytes), order.format.width, 1}));
  }
};

class ArtworkCacheTest : public testing::Test {
 protected:
  ArtworkCache cache_with(std::size_t max_bytes) {
    return {maker, [this](std::function<void()> job) { jobs.push_back(std::move(job)); }, max_bytes};
  }
  void ask(ArtworkCache& cache, const std::string& path, int side, Kind kind = Kind::jpeg) {
    cache.read_artwork({path, 1, 1}, {kind, side, side},
                       [this](const Result<ArtworkPtr>& artwork) { answers.push_back(artwork); });
  }
  void run_later() {
    for (; !jobs.empty(); jobs.pop_front()) jobs.front()();
  }

  FakeMaker maker;
  std::deque<std::function<void()>> jobs;
  std::vector<Result<ArtworkPtr>> answers;
};

TEST_F(ArtworkCacheTest, IsMadeOnceForAll) {
  auto cache = cache_with(1 << 20);
  ask(cache, "a", 100);
  ask(cache, "a", 100);
  EXPECT_EQ(maker.orders.size(), 1u);
  maker.answer();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].value(), answers[1].value());
  ask(cache, "a", 100);
  EXPECT_EQ(answers.size(), 2u) << "not within the call";
  run_later();
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[2].value(), answers[0].value());
  EXPECT_TRUE(maker.orders.empty());
}

TEST_F(ArtworkCacheTest, WhatDiffersIsMadeAnew) {
  auto cache = cache_with(1 << 20);
  ask(cache, "a", 100);
  ask(cache, "b", 100);
  ask(cache, "a", 101);
  ask(cache, "a", 100, Kind::png);
  cache.read_artwork({"a", 1, 2}, {Kind::jpeg, 100, 100}, [](auto&&) {});
  EXPECT_EQ(maker.orders.size(), 5u);
  ask(cache, "c", 10'000);
  ask(cache, "c", 20'000);
  EXPECT_EQ(maker.orders.size(), 6u) << "both are larger than what is made";
  EXPECT_EQ(maker.orders.back().format.width, ArtworkFormat::kLargestSide);
}

TEST_F(ArtworkCacheTest, ErrorsAreToldAndNotKept) {
  auto cache = cache_with(1 << 20);
  ask(cache, "a", 100);
  const auto order = std::move(maker.orders.front());
  maker.orders.clear();
  order.done(fail("gone"));
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_FALSE(answers[0]);
  ask(cache, "a", 100);
  EXPECT_EQ(maker.orders.size(), 1u);
}

TEST_F(ArtworkCacheTest, ThatThereIsNoneIsKnownToo) {
  auto cache = cache_with(1 << 20);
  ask(cache, "a", 100);
  const auto order = std::move(maker.orders.front());
  maker.orders.clear();
  order.done(ArtworkPtr());
  ask(cache, "a", 100);
  run_later();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[1].value(), nullptr);
  EXPECT_TRUE(maker.orders.empty());
}

TEST_F(ArtworkCacheTest, StaysWithinItsBoundAndKeepsWhatIsUsed) {
  auto cache = cache_with(100'000);
  std::mt19937 random(1);
  for (int i = 0; i < 500; ++i) {
    ask(cache, "used", 5);
    if (!maker.orders.empty()) maker.answer(1);
    ask(cache, std::to_string(random() % 1000), 5);
    if (!maker.orders.empty()) maker.answer(random() % 40'000);
    ASSERT_LE(cache.bytes(), 100'000u);
  }
  run_later();
  const std::size_t made = maker.made;
  ask(cache, "used", 5);
  EXPECT_TRUE(maker.orders.empty());
  EXPECT_GT(made, 400u);
  ask(cache, "huge", 5);
  maker.answer(200'000);
  EXPECT_LE(cache.bytes(), 100'000u);
  EXPECT_EQ(answers.back().value()->bytes.size(), 200'000u) << "handed out, and not kept";
}

}  // namespace
}  // namespace tutti::app
