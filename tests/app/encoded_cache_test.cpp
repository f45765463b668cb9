#include "app/encoded_cache.h"

#include "tests/fakes/fake_encoded_files.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

constexpr std::int64_t kMegabyte = 1'000'000;

// A minute of it is about a megabyte.
Track track(std::int64_t id, Frames minutes = 1) {
  Track out;
  out.id = {id};
  out.file = {"/m/" + std::to_string(id) + ".flac", 100, 1};
  out.frames = minutes * 60 * 44100;
  out.rate = 44100;
  return out;
}

class EncodedCacheTest : public testing::Test {
 protected:
  EncodedCache make(std::int64_t max_bytes, unsigned jobs = 2) {
    return {files_, {{Encoding::Codec::mp3, 44100, 2, 128'000}, max_bytes, jobs}};
  }
  Result<Mp3Source> open(EncodedCache& cache, const Track& wanted) {
    Result<Mp3Source> out = fail("no answer");
    cache.open(wanted, [&](auto source) { out = std::move(source); });
    return out;
  }
  // Encoded and let go of.
  void fill(EncodedCache& cache, const Track& wanted) {
    ASSERT_TRUE(open(cache, wanted));
    files_.end_job(kMegabyte);
  }

  fakes::FakeEncodedFiles files_;
};

TEST_F(EncodedCacheTest, ATrackIsEncodedOnceAndHeardWhileItIs) {
  auto cache = make(100 * kMegabyte);
  const auto first = open(cache, track(1));
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_TRUE(first->file->is_growing());
  const auto second = open(cache, track(1));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->file, first->file);
  ASSERT_EQ(files_.jobs.size(), 1u);
  EXPECT_TRUE(files_.jobs[0].urgent);
  files_.end_job(kMegabyte);
  EXPECT_EQ(cache.bytes(), kMegabyte);
  EXPECT_TRUE(open(cache, track(1)));
  EXPECT_TRUE(files_.jobs.empty()) << "not again";
}

TEST_F(EncodedCacheTest, ANewVersionOfAFileIsAnother) {
  auto cache = make(100 * kMegabyte);
  fill(cache, track(1));
  auto changed = track(1);
  changed.file.mtime_ns = 2;
  ASSERT_TRUE(open(cache, changed));
  EXPECT_EQ(files_.jobs.size(), 1u);
}

TEST_F(EncodedCacheTest, WhatWasUsedLongestAgoMakesRoomAndWhatIsHeardDoesNot) {
  auto cache = make(3'200'000);
  for (std::int64_t id = 1; id <= 3; ++id) fill(cache, track(id));
  const auto heard = open(cache, track(1));  // used now, and held
  fill(cache, track(4));
  EXPECT_EQ(files_.files.size(), 3u);
  EXPECT_TRUE(open(cache, track(3)));
  EXPECT_TRUE(files_.jobs.empty()) << "2 has made room, not 3";
  const auto third = open(cache, track(3));
  const auto fourth = open(cache, track(4));
  ASSERT_TRUE(heard && third && fourth);
  EXPECT_FALSE(open(cache, track(5))) << "everything is being heard";
  EXPECT_EQ(files_.files.size(), 3u) << "and nothing was thrown out for nothing";
}

TEST_F(EncodedCacheTest, ItNeverHoldsMoreThanItMay) {
  std::mt19937 random(4);
  auto cache = make(10 * kMegabyte, 3);
  std::vector<Mp3Source> held;
  for (int i = 0; i < 3000; ++i) {
    auto source =
        open(cache, track(static_cast<std::int64_t>(random() % 60), 1 + static_cast<Frames>(random() % 3)));
    if (source) held.push_back(std::move(*source));
    while (held.size() > random() % 6)
      held.erase(held.begin() + static_cast<std::ptrdiff_t>(random() % held.size()));
    if (!files_.jobs.empty() && random() % 2 == 0) {
      if (random() % 10 == 0) {
        files_.end_job(fail("disk full"));
      } else {
        files_.end_job(900'000);
      }
    }
    ASSERT_LE(cache.bytes(), 10 * kMegabyte);
    std::int64_t on_disk = 0;
    for (const auto& [name, bytes] : files_.files) on_disk += bytes;
    ASSERT_LE(on_disk, 10 * kMegabyte);
  }
}

TEST_F(EncodedCacheTest, BusyEncodersAndBrokenTracksAreRefused) {
  auto cache = make(100 * kMegabyte, 1);
  const auto first = open(cache, track(1));
  EXPECT_FALSE(open(cache, track(2)));
  files_.end_job(fail("damaged"));
  EXPECT_FALSE(open(cache, track(1))) << "not tried again and again";
  EXPECT_EQ(cache.bytes(), 0);
  EXPECT_TRUE(open(cache, track(2)));
}

TEST_F(EncodedCacheTest, ItSurvivesARestart) {
  std::string name;
  {
    auto cache = make(100 * kMegabyte);
    fill(cache, track(1));
    fill(cache, track(2));
    name = files_.files.begin()->first;
  }
  for (const auto& [known, bytes] : files_.files) files_.used_order.push_back(known);
  auto cache = make(100 * kMegabyte);
  cache.load();
  EXPECT_EQ(cache.bytes(), 2 * kMegabyte);
  EXPECT_TRUE(open(cache, track(1)));
  EXPECT_TRUE(files_.jobs.empty());
  files_.damaged.insert(files_.used_order[1]);
  EXPECT_TRUE(open(cache, track(2)));
  EXPECT_EQ(files_.jobs.size(), 1u) << "damaged, so encoded anew";
  auto smaller = make(1'500'000);
  files_.used_order = {name};
  files_.files = {{name, 2 * kMegabyte}};
  smaller.load();
  EXPECT_EQ(smaller.size(), 0u) << "the bound has become less";
}

TEST_F(EncodedCacheTest, AheadOfNeedItFillsUpButThrowsNothingOut) {
  auto cache = make(2'500'000);
  EXPECT_TRUE(cache.prepare(track(1)));
  EXPECT_FALSE(files_.jobs[0].urgent);
  EXPECT_FALSE(cache.prepare(track(2))) << "one at a time";
  files_.end_job(kMegabyte);
  EXPECT_FALSE(cache.prepare(track(1))) << "it is there";
  EXPECT_TRUE(cache.prepare(track(2)));
  files_.end_job(kMegabyte);
  EXPECT_FALSE(cache.prepare(track(3)));
  EXPECT_TRUE(cache.is_preparing()) << "full: there is nothing more to do";
  EXPECT_EQ(files_.files.size(), 2u);
}

}  // namespace
}  // namespace tutti::app
