// A timeline that players in sync are sent: how far ahead it is, and what happens when it changes.
#include "app/sync_broadcast.h"

#include "tests/fakes/fake_producers.h"

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

class FakeProgramme : public Programmed {
 public:
  FrameClock clock() const override { return {{Duration{-5s}}, 44100}; }
  std::vector<Segment> segments(Frames from, ServerTime) override {
    std::vector<Segment> out;
    for (const Segment& segment : committed) {
      if (segment.end() > from) out.push_back(segment);
    }
    return out;
  }
  void on_failed(const Segment& segment, const Error&, ServerTime) override {
    failed.push_back(segment.track);
  }

  std::vector<Segment> committed;
  std::vector<TrackId> failed;
};

class SyncBroadcastTest : public testing::Test {
 protected:
  SyncBroadcastTest() {
    for (int i = 0; i < 10; ++i) add(i + 1, 60s);
  }
  void add(std::int64_t id, std::chrono::seconds length) {
    auto& all = programme.committed;
    all.push_back({TrackId{id}, "/m/" + std::to_string(id), "", all.empty() ? 0 : all.back().end(),
                   frames_in(length, 44100)});
  }
  SyncBroadcast::Events events() {
    return {[this](const std::vector<PacketPtr>& packets) {
              received.insert(received.end(), packets.begin(), packets.end());
            },
            [this](ServerTime from) {
              revoked.push_back(from);
              std::erase_if(received, [from](const PacketPtr& packet) { return packet->at >= from; });
            }};
  }
  void expect_no_gap() const {
    for (std::size_t i = 1; i < received.size(); ++i)
      EXPECT_EQ(received[i]->at, received[i - 1]->at + received[i - 1]->duration);
  }
  static ServerTime at(Duration d) { return {d}; }

  FakeProgramme programme;
  fakes::FakeProducers producers;
  Encoding opus = player_encoding(Encoding::Codec::opus, 48000, 2, 16).value();
  std::vector<PacketPtr> received;
  std::vector<ServerTime> revoked;
};

TEST_F(SyncBroadcastTest, BeginsWhereItIsToldAndRunsAhead) {
  SyncBroadcast broadcast(producers, programme, opus, at(1300ms), events());
  EXPECT_TRUE(received.empty());
  broadcast.tick(at(1s));
  ASSERT_FALSE(received.empty());
  EXPECT_EQ(received.front()->at, at(1300ms));
  EXPECT_EQ(producers.started.size(), 1u);
  EXPECT_EQ(producers.started[0].orders.size(), 1u);
  for (Duration t = 1s; t <= 100s; t += 200ms) {
    broadcast.tick(at(t));
    if (t < 10s) continue;
    const auto end = received.back()->at + received.back()->duration;
    EXPECT_GE(end, at(t) + 29s);
    EXPECT_LE(end, at(t) + 31s);
    EXPECT_LE((*broadcast.packets().begin())->at, at(t)) << "what is on air is there";
    EXPECT_GE((*broadcast.packets().begin())->at, at(t) - 2s) << "what is over is not kept";
  }
  expect_no_gap();
  EXPECT_TRUE(revoked.empty());
  EXPECT_EQ(producers.started.size(), 1u);
}

TEST_F(SyncBroadcastTest, HoldsAsManyBytesAsItMay) {
  const auto largest = player_encoding(Encoding::Codec::pcm, 192'000, 8, 24).value();
  SyncBroadcast broadcast(producers, programme, largest, at(1s), events());
  for (Duration t = 1s; t < 20s; t += 200ms) broadcast.tick(at(t));
  const auto ahead = received.back()->at - at(20s);
  EXPECT_LE(static_cast<std::size_t>(ahead / 1s) * bytes_per_second(largest), SyncBroadcast::kMostBytes);
  EXPECT_GT(ahead, 4s);
}

TEST_F(SyncBroadcastTest, WhatIsNotHeardAfterAllIsMadeAgain) {
  SyncBroadcast broadcast(producers, programme, opus, at(0s), events());
  for (Duration t = 0s; t < 40s; t += 200ms) broadcast.tick(at(t));
  ASSERT_GT(received.back()->at, at(65s));
  // The first track, which is on air until 55 s, ends at 45.4 s.
  const FrameClock clock = programme.clock();
  auto& all = programme.committed;
  all[0].length = clock.frame_at(at(45'400ms));
  for (std::size_t i = 1; i < all.size(); ++i) all[i].first = all[i - 1].end();
  broadcast.tick(at(40s));
  ASSERT_EQ(revoked.size(), 1u);
  EXPECT_EQ(revoked[0], at(45s)) << "with the packet in which it changes";
  ASSERT_EQ(producers.started.size(), 2u);
  EXPECT_TRUE(producers.started[0].stopped);
  EXPECT_EQ(producers.started[1].own.time_of(producers.started[1].first), at(45s));
  for (Duration t = 40s; t < 50s; t += 200ms) broadcast.tick(at(t));
  expect_no_gap();
  EXPECT_GE(received.back()->at, at(75s));
  EXPECT_EQ(revoked.size(), 1u);
  EXPECT_EQ(producers.started.size(), 2u);
}

TEST_F(SyncBroadcastTest, ChangesBeyondWhatWasMadeCostNothing) {
  SyncBroadcast broadcast(producers, programme, opus, at(0s), events());
  for (Duration t = 0s; t < 10s; t += 200ms) broadcast.tick(at(t));
  programme.committed[1].track = TrackId{77};
  programme.committed.pop_back();
  broadcast.tick(at(10s));
  add(99, 60s);
  for (Duration t = 10s; t < 30s; t += 200ms) broadcast.tick(at(t));
  EXPECT_TRUE(revoked.empty());
}

TEST_F(SyncBroadcastTest, SilenceThatGetsATrackIsMadeAgain) {
  programme.committed.clear();
  SyncBroadcast broadcast(producers, programme, opus, at(0s), events());
  for (Duration t = 0s; t < 5s; t += 200ms) broadcast.tick(at(t));
  programme.committed.push_back({TrackId{1}, "/m/1", "", programme.clock().frame_at(at(8s)), 44100 * 10});
  broadcast.tick(at(5s));
  ASSERT_EQ(revoked.size(), 1u);
  EXPECT_EQ(revoked[0], at(8s));
}

TEST_F(SyncBroadcastTest, AfterASleepThePastIsPassedOver) {
  SyncBroadcast broadcast(producers, programme, opus, at(0s), events());
  for (Duration t = 0s; t < 5s; t += 200ms) broadcast.tick(at(t));
  broadcast.tick(at(100s));
  ASSERT_EQ(revoked.size(), 1u);
  EXPECT_GT(revoked[0], at(100s));
  EXPECT_EQ(received.back()->at, revoked[0]);
  EXPECT_EQ(producers.started.size(), 2u);
}

TEST_F(SyncBroadcastTest, TellsWhatCannotBePlayed) {
  SyncBroadcast broadcast(producers, programme, opus, at(0s), events());
  broadcast.tick(at(0s));
  producers.started[0].events.failed(programme.committed[1], {"broken"});
  EXPECT_EQ(programme.failed, std::vector{TrackId{2}});
}

}  // namespace
}  // namespace tutti::app
