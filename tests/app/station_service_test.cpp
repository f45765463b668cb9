#include "app/station_service.h"

#include "app/sync_broadcast.h"
#include "tests/fakes/fake_producers.h"
#include "tests/fakes/fake_scanner.h"
#include "tests/fakes/fake_stores.h"

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

constexpr BroadcastId kMain{0, 0};

class StationServiceTest : public testing::Test {
 protected:
  StationServiceTest() {
    for (int i = 0; i < 5; ++i) scanner_.add("/m/" + std::to_string(i) + ".mp3", Frames{44100} * (100 + i));
  }

  // A server that starts at wall time `start`, with what earlier ones have stored.
  struct Start {
    Start(StationServiceTest& test, Duration start)
        : library(test.tracks_, test.scanner_, 1,
                  [this](const std::string& folder) { service.on_library_changed(folder); }),
          service({{Encoding::Codec::mp3, 44100, 2, 128'000}, 4s, 2 << 20, test.seed_}, {{start}}, library,
                  test.programmes_, producers, audience) {
      EXPECT_TRUE(library.load());
      library.add_folder("/m");
      service.open({{"/", {"/m"}, Rotation::Order::shuffled}}, test.programmes_.programmes, ServerTime{});
    }
    const AiredTrack& on_air(ServerTime now) {
      view = service.view("/", now, 0, 3).value();
      return view.aired.at(view.current);
    }

    Library library;
    fakes::FakeProducers producers;
    fakes::FakeAudience audience;
    StationService service;
    StationView view;
  };

  static ServerTime at(Duration d) { return {d}; }

  std::uint64_t seed_ = 1;
  fakes::FakeScanner scanner_;
  fakes::FakeTrackStore tracks_;
  fakes::FakeProgrammeStore programmes_;
};

TEST_F(StationServiceTest, NothingIsProducedWhileNobodyListens) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  const AiredTrack first = start.on_air(at(0s));
  for (Duration t = 0s; t < 3600s; t += 200ms) start.service.tick(at(t));
  EXPECT_TRUE(start.producers.started.empty());
  EXPECT_EQ(start.on_air(at(60s)).id, first.id) << "and yet it went on";
  EXPECT_NE(start.on_air(at(110s)).id, first.id);
}

TEST_F(StationServiceTest, TheFirstListenerGetsTheBurstAtOnce) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  ASSERT_EQ(start.service.tune_in(kMain, 0, at(50s)), Station::Status::on_air);
  ASSERT_EQ(start.producers.started.size(), 1u);
  EXPECT_EQ(start.producers.started[0].first, Frames{44100} * 46) << "four seconds back";
  const auto& packets = start.audience.received[0];
  ASSERT_FALSE(packets.empty());
  EXPECT_EQ(packets.front()->at, at(46s));
  EXPECT_GE(packets.back()->at + packets.back()->duration, at(51s)) << "and a lead";
}

TEST_F(StationServiceTest, ProductionKeepsPaceForAll) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  start.service.tune_in(kMain, 0, at(10s));
  start.service.tune_in(kMain, 1, at(10s));
  for (Duration t = 10s; t < 130s; t += 200ms) start.service.tick(at(t));
  for (const std::size_t thread : {0u, 1u}) {
    const auto& packets = start.audience.received[thread];
    ASSERT_GE(packets.size(), 120u);
    for (std::size_t i = 1; i < packets.size(); ++i) {
      ASSERT_EQ(packets[i]->at, packets[i - 1]->at + packets[i - 1]->duration) << "no gap";
    }
    EXPECT_GE(packets.back()->at, at(129s));
    EXPECT_LE(packets.back()->at, at(132s)) << "paced, not ahead";
  }
  EXPECT_EQ(start.producers.started.size(), 1u) << "encoded once";
}

TEST_F(StationServiceTest, ALateThreadGetsTheBacklogOnce) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  start.service.tune_in(kMain, 0, at(10s));
  start.service.tune_in(kMain, 1, at(11s));
  start.service.tune_in(kMain, 1, at(11s));
  EXPECT_EQ(start.audience.received[0], start.audience.received[1]);
}

TEST_F(StationServiceTest, StopsSomeSecondsAfterTheLastListener) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  start.service.tune_in(kMain, 0, at(10s));
  start.service.count_listeners(kMain, 0, 3);
  EXPECT_EQ(start.service.views(at(10s), 0, 0)[0].listeners, 3u);
  start.service.leave(kMain, 0, at(20s));
  EXPECT_EQ(start.service.views(at(20s), 0, 0)[0].listeners, 0u);
  start.service.tick(at(29s));
  EXPECT_FALSE(start.producers.started[0].stopped);
  start.service.tick(at(31s));
  EXPECT_TRUE(start.producers.started[0].stopped);
  ASSERT_EQ(start.service.tune_in(kMain, 0, at(100s)), Station::Status::on_air);
  EXPECT_EQ(start.producers.started[1].first, Frames{44100} * 96) << "where it would have been";
}

TEST_F(StationServiceTest, ARestartFindsTheStationWhereItWouldHaveBeen) {
  Start before(*this, 1000s);
  scanner_.answer_all();
  before.service.tune_in(kMain, 0, at(1s));
  for (Duration t = 1s; t < 700s; t += 1s) before.service.tick(at(t));
  const AiredTrack expected = before.on_air(at(700s));

  seed_ = 999;  // a new process draws another seed, which must not matter
  Start after(*this, 1690s);
  EXPECT_EQ(after.on_air(at(10s)).id, expected.id) << "known before the folders are walked";
  scanner_.answer_all();
  EXPECT_EQ(after.on_air(at(10s)).id, expected.id);
  EXPECT_EQ(at(10s) - after.on_air(at(10s)).starts_at, at(700s) - expected.starts_at);
  EXPECT_EQ(after.on_air(at(2000s)).id, before.on_air(at(2690s)).id) << "and in an hour";
}

TEST_F(StationServiceTest, ARemovedTrackIsNotCutAndDoesNotComeAgain) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  start.service.tune_in(kMain, 0, at(1s));
  const AiredTrack playing = start.on_air(at(1s));
  scanner_.files.erase("/m/" + playing.file);
  start.service.rescan_all();
  scanner_.answer_all();
  start.service.tick(at(2s));
  EXPECT_EQ(start.on_air(at(50s)).id, playing.id);
  for (Duration t = 110s; t < 2000s; t += 50s) {
    start.service.tick(at(t));
    EXPECT_NE(start.on_air(at(t)).id, playing.id);
  }
}

TEST_F(StationServiceTest, ARemovedTrackLeavesAnIdleStationAtOnce) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  const AiredTrack playing = start.on_air(at(1s));
  scanner_.files.erase("/m/" + playing.file);
  start.service.rescan_all();
  scanner_.answer_all();
  EXPECT_NE(start.on_air(at(2s)).id, playing.id);
}

TEST_F(StationServiceTest, AnEmptyStationSaysSoAndComesAlive) {
  scanner_.files.clear();
  Start start(*this, 1000s);
  EXPECT_EQ(start.service.tune_in(kMain, 0, at(0s)), Station::Status::scanning);
  scanner_.answer_all();
  EXPECT_EQ(start.service.tune_in(kMain, 0, at(1s)), Station::Status::empty);
  EXPECT_TRUE(start.producers.started.empty());
  scanner_.add("/m/new.mp3");
  start.service.rescan("/");
  scanner_.answer_all();
  EXPECT_EQ(start.service.tune_in(kMain, 0, at(5s)), Station::Status::on_air);
  EXPECT_EQ(start.on_air(at(5s)).starts_at, at(1s)) << "with a burst of music";
  EXPECT_EQ(start.producers.started[0].first, Frames{44100}) << "with its first sample, not with silence";
  EXPECT_FALSE(start.service.rescan("/none"));
}

TEST_F(StationServiceTest, ATrackThatCannotBePlayedMakesRoomForTheNext) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  start.service.tune_in(kMain, 0, at(10s));
  const AiredTrack failing = start.on_air(at(10s));
  auto& log = start.producers.started[0];
  log.events.failed(log.orders[0].segments[0], Error{"cannot be opened"});
  EXPECT_EQ(start.on_air(at(11s)).id, failing.id) << "what is made is made";
  EXPECT_NE(start.on_air(at(12s)).id, failing.id);
}

TEST_F(StationServiceTest, AfterASleepOfTheMachineThePastIsPassedOver) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  start.service.tune_in(kMain, 0, at(10s));
  start.service.tick(at(4000s));
  ASSERT_EQ(start.producers.started.size(), 2u);
  EXPECT_EQ(start.producers.started[1].first, Frames{44100} * 3996);
}

TEST_F(StationServiceTest, AnotherSampleRateBeginsANewLayout) {
  Start before(*this, 1000s);
  scanner_.answer_all();
  before.on_air(at(5s));
  programmes_.programmes["/"].rate = 48000;
  Start after(*this, 1020s);
  scanner_.answer_all();
  EXPECT_EQ(after.on_air(at(1s)).starts_at, at(-3s));
}

TEST_F(StationServiceTest, NextIsHeardWithinTheLeadAndDisturbsNothingMade) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  start.service.tune_in(kMain, 0, at(10s));
  const AiredTrack first = start.on_air(at(10s));
  const AiredTrack second = start.view.aired.at(1);
  const auto next = start.service.next("/", at(10s));
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(next->id, second.id);
  EXPECT_GE(next->starts_at, at(11500ms)) << "what is made is made";
  EXPECT_LE(next->starts_at, at(11700ms)) << "within the lead";
  EXPECT_EQ(start.on_air(at(11s)).id, first.id);
  EXPECT_EQ(start.on_air(at(12s)).id, second.id);
  start.service.tick(at(10200ms));
  const auto& order = start.producers.started[0].orders.back();
  EXPECT_EQ(order.segments[0].track, first.id);
  EXPECT_EQ(order.segments[1].track, second.id);
  EXPECT_EQ(order.segments[0].end(), order.segments[1].first) << "no gap";
  EXPECT_EQ(start.producers.started.size(), 1u) << "the producer goes on";
}

TEST_F(StationServiceTest, NextTwiceGoesTwoOnEvenBeforeTheFirstIsHeard) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  start.service.tune_in(kMain, 0, at(10s));
  start.on_air(at(10s));
  const TrackId third = start.view.aired.at(2).id;
  start.service.next("/", at(10s)).value();
  EXPECT_EQ(start.service.next("/", at(10100ms))->id, third);
}

TEST_F(StationServiceTest, NextAtATracksVeryEndSkipsNothing) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  start.service.tune_in(kMain, 0, at(10s));
  const AiredTrack first = start.on_air(at(10s));
  const AiredTrack second = start.view.aired.at(1);
  const ServerTime nearly = first.starts_at + first.duration - 500ms;
  for (Duration t = 10s; at(t) < nearly; t += 200ms) start.service.tick(at(t));
  const auto next = start.service.next("/", nearly);
  EXPECT_EQ(next->id, second.id);
  EXPECT_EQ(next->starts_at, second.starts_at);
}

TEST_F(StationServiceTest, PreviousGoesBackAndBothAreStored) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  const AiredTrack first = start.on_air(at(10s));
  const auto second = start.service.next("/", at(10s));
  EXPECT_EQ(second->starts_at, at(10s)) << "at once, as nobody listens";
  EXPECT_EQ(start.on_air(at(20s)).id, second->id);
  EXPECT_EQ(start.service.previous("/", at(20s))->id, first.id);
  EXPECT_EQ(start.on_air(at(20s)).starts_at, at(20s));
  EXPECT_EQ(start.on_air(at(20s) + first.duration + 1s).id, second->id) << "then what was on air";

  Start after(*this, 1030s);
  scanner_.answer_all();
  EXPECT_EQ(after.on_air(at(1s)).id, first.id);
  EXPECT_EQ(after.on_air(at(1s)).starts_at, at(-10s));
}

TEST_F(StationServiceTest, ShuffleCanBeTurnedOffAndStaysSo) {
  {
    Start start(*this, 1000s);
    scanner_.answer_all();
    const AiredTrack playing = start.on_air(at(1s));
    EXPECT_TRUE(start.service.set_shuffle("/", false, 1, at(1s)));
    EXPECT_EQ(start.on_air(at(1s)).id, playing.id) << "what plays is not cut";
    std::string last = playing.file;
    for (std::size_t i = 1; i < start.view.aired.size(); ++i) {
      const std::string expected = std::to_string((last[0] - '0' + 1) % 5) + ".mp3";
      EXPECT_EQ(start.view.aired[i].file, expected);
      last = start.view.aired[i].file;
    }
    const auto before = programmes_.programmes.at("/");
    EXPECT_TRUE(start.service.set_shuffle("/", false, 2, at(2s)));
    EXPECT_EQ(programmes_.programmes.at("/"), before) << "it was off already";
  }
  EXPECT_EQ(programmes_.programmes.at("/").order, Rotation::Order::by_path);
  Start after(*this, 1010s);
  scanner_.answer_all();
  after.on_air(at(1s));
  for (std::size_t i = 1; i < after.view.aired.size(); ++i) {
    EXPECT_EQ(after.view.aired[i].file[0], '0' + (after.view.aired[i - 1].file[0] - '0' + 1) % 5);
  }
  EXPECT_TRUE(after.service.shuffle("/", 5, at(2s)));
  EXPECT_EQ(programmes_.programmes.at("/").order, Rotation::Order::shuffled);
}

TEST_F(StationServiceTest, HistoryIsCleared) {
  Start start(*this, 1000s);
  scanner_.answer_all();
  start.on_air(at(1s));
  EXPECT_GT(start.service.view("/", at(500s), 5, 0)->current, 0u);
  EXPECT_TRUE(start.service.clear_history("/", at(500s)));
  EXPECT_EQ(start.service.view("/", at(500s), 5, 0)->current, 0u);
}

TEST_F(StationServiceTest, WhatIsNotThereCannotBeOperated) {
  scanner_.files.clear();
  Start start(*this, 1000s);
  scanner_.answer_all();
  EXPECT_FALSE(start.service.next("/", at(1s))) << "nothing plays";
  EXPECT_FALSE(start.service.previous("/", at(1s)));
  for (const bool on : {true, false}) EXPECT_FALSE(start.service.set_shuffle("/none", on, 1, at(1s)));
  EXPECT_FALSE(start.service.next("/none", at(1s)));
  EXPECT_FALSE(start.service.clear_history("/none", at(1s)));
}

// Players in sync of station "/", until the end.
class StationInSyncTest : public StationServiceTest {
 protected:
  StationInSyncTest() { scanner_.answer_all(); }
  SyncBroadcast::Events events() {
    return {[](const std::vector<PacketPtr>&) {}, [this](ServerTime from) { revoked_.push_back(from); }};
  }
  static Duration run(Start& start, SyncBroadcast& broadcast, Duration from, Duration until) {
    for (; from < until; from += 200ms) {
      start.service.tick(at(from));
      broadcast.tick(at(from));
    }
    return from;
  }

  Start start_{*this, 1000s};
  const Encoding opus_ = player_encoding(Encoding::Codec::opus, 48000, 2, 16).value();
  std::vector<ServerTime> revoked_;
};

TEST_F(StationInSyncTest, ThePlayersHearWhatTheStationPlays) {
  SyncBroadcast broadcast(start_.producers, *start_.service.programme("/"), opus_, at(10s), events());
  run(start_, broadcast, 10s, 400s);
  ASSERT_EQ(start_.producers.started.size(), 1u) << "no MP3 is made for them";
  EXPECT_TRUE(revoked_.empty());
  const auto& log = start_.producers.started[0];
  EXPECT_EQ(log.clock.rate, 44100);
  const AiredTrack& track = start_.on_air(at(400s));
  const auto& heard = log.orders.back().segments;
  EXPECT_EQ(heard.front().track, track.id);
  EXPECT_EQ(log.clock.time_of(heard.front().first), track.starts_at);
  EXPECT_EQ(start_.service.programme("/none"), nullptr);
  start_.service.count_players("/", 7);
  EXPECT_EQ(start_.service.view("/", at(400s), 0, 0)->listeners, 7u);
}

TEST_F(StationInSyncTest, AnOperatorsNextIsHeardSoon) {
  SyncBroadcast broadcast(start_.producers, *start_.service.programme("/"), opus_, at(10s), events());
  const Duration now = run(start_, broadcast, 10s, 50s);
  const auto next = start_.service.next("/", at(now));
  ASSERT_TRUE(next);
  EXPECT_GT(next->starts_at, at(now)) << "the players must have it in time";
  EXPECT_LE(next->starts_at, at(now + 1s));
  run(start_, broadcast, now, now + 1s);
  ASSERT_EQ(revoked_.size(), 1u);
  EXPECT_LE(revoked_[0], next->starts_at);
  EXPECT_GT(revoked_[0], next->starts_at - 1s);
  EXPECT_EQ(start_.producers.started[1].orders.front().segments.at(1).track, next->id);
}

TEST_F(StationInSyncTest, WhatCannotBePlayedMakesRoom) {
  SyncBroadcast broadcast(start_.producers, *start_.service.programme("/"), opus_, at(10s), events());
  const Duration now = run(start_, broadcast, 10s, 50s);
  const Segment on_air = start_.producers.started[0].orders.back().segments.at(0);
  start_.producers.started[0].events.failed(on_air, {"broken"});
  run(start_, broadcast, now, now + 2s);
  EXPECT_EQ(revoked_.size(), 1u);
  EXPECT_NE(start_.on_air(at(now + 2s)).id, on_air.track);
  // The second encoding meets the same file a little later.
  const auto entry = start_.on_air(at(now + 3s)).id;
  start_.producers.started[1].events.failed(on_air, {"broken"});
  EXPECT_EQ(start_.on_air(at(now + 3s)).id, entry) << "what plays instead stays";
}

TEST(ListenerRegistry, ForgetsTheOldest) {
  ListenerRegistry registry(2);
  registry.set("a", {"/", {}, {}});
  registry.set("b", {"/", {}, {}});
  registry.set("a", {"/again", {}, {}});
  registry.add_skipped("a", 5s);
  registry.add_skipped("nobody", 5s);
  EXPECT_EQ(registry.find("a")->route, "/again");
  EXPECT_EQ(registry.find("a")->skipped, 5s);
  registry.set("c", {"/", {}, {}});
  EXPECT_EQ(registry.find("a"), nullptr);
  EXPECT_NE(registry.find("b"), nullptr);
  EXPECT_NE(registry.find("c"), nullptr);
}

}  // namespace
}  // namespace tutti::app
