// The audio of all groups: what of it is made, and how much at once.
#include "app/sync_broadcasts.h"

#include "tests/fakes/fake_groups.h"
#include "tests/fakes/fake_producers.h"

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

class Silence : public Programmed {
 public:
  FrameClock clock() const override { return {{Duration{0}}, 44100}; }
  std::vector<Segment> segments(Frames, ServerTime) override { return {}; }
  void on_failed(const Segment&, const Error&, ServerTime) override {}
};

class SyncBroadcastsTest : public testing::Test {
 protected:
  // Of a rate of its own.
  static SyncId format(int number, int channels = 1) {
    return {0, player_encoding(Encoding::Codec::pcm, 8000 + number, channels, 16).value()};
  }
  void tune_in(const SyncId& id) { broadcasts.tune_in(id, &programme, 0, now); }

  ServerTime now{10s};
  Silence programme;
  fakes::FakeProducers producers;
  fakes::FakeSyncAudience audience;
  SyncBroadcasts broadcasts{producers, audience};
};

TEST_F(SyncBroadcastsTest, MakesAFormatOnceAndNoMoreThanSoMany) {
  for (int i = 0; i < 40; ++i) tune_in(format(i));
  tune_in(format(0));
  EXPECT_EQ(broadcasts.size(), SyncBroadcasts::kMost);
  ASSERT_EQ(audience.refused.size(), 40 - SyncBroadcasts::kMost);
  EXPECT_EQ(audience.refused.front(), format(32));
}

TEST_F(SyncBroadcastsTest, WhatNobodyHearsAnyMoreMakesRoom) {
  for (int i = 0; i < 32; ++i) tune_in(format(i));
  broadcasts.leave(format(7), 0, now);
  now = now + 1s;
  broadcasts.leave(format(3), 0, now);
  tune_in(format(100));
  EXPECT_TRUE(audience.refused.empty());
  tune_in(format(3));
  EXPECT_EQ(producers.started.size(), 33u) << "the one that was left last runs still";
  tune_in(format(101));
  EXPECT_EQ(audience.refused, std::vector{format(101)});
}

TEST_F(SyncBroadcastsTest, LargeFormatsAreFewer) {
  for (int i = 0; i < 20; ++i) {
    tune_in({0, player_encoding(Encoding::Codec::pcm, 192'000 - i, 8, 24).value()});
  }
  EXPECT_EQ(broadcasts.size(), SyncBroadcasts::kMostBytes / SyncBroadcast::kMostBytes);
}

TEST_F(SyncBroadcastsTest, GoesOnForAWhileWithoutAnybody) {
  tune_in(format(1));
  broadcasts.leave(format(1), 0, now);
  broadcasts.tick(now + 2s);
  EXPECT_EQ(broadcasts.size(), 1u);
  broadcasts.tick(now + 4s);
  EXPECT_EQ(broadcasts.size(), 0u);
}

}  // namespace
}  // namespace tutti::app
