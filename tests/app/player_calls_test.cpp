#include "app/player_calls.h"

#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;
using Kind = CallEnd::Kind;

struct Called {
  CallId id;
  PlayerAddress address;
  CallReason reason;
};

class Caller : public PlayerCaller {
 public:
  void call(CallId id, const PlayerAddress& address, CallReason reason) override {
    made.push_back({id, address, reason});
  }
  void hang_up(CallId id) override { hung_up.push_back(id); }

  std::vector<Called> made;
  std::vector<CallId> hung_up;
};

const PlayerAddress kPorch{"192.168.0.9", 8928, "/sendspin", false};
const PlayerAddress kPorch6{"fe80::9%2", 8928, "/sendspin", false};

class PlayerCallsTest : public testing::Test {
 protected:
  // Lets time pass as the server's tick does, and answers each call by `end` where there is one.
  void pass(Duration time, std::optional<CallEnd> end = std::nullopt) {
    for (const ServerTime until = now + time; now < until; now = now + 200ms) {
      const std::size_t before = caller.made.size();
      calls.tick(now);
      for (std::size_t i = before; end && i < caller.made.size(); ++i)
        calls.on_over(caller.made[i].id, *end, now);
    }
  }
  CallId connect() {
    pass(200ms);
    calls.on_up(caller.made.back().id, "Porch", now);
    return caller.made.back().id;
  }

  Caller caller;
  PlayerCalls calls{caller};
  ServerTime now{100s};
};

TEST_F(PlayerCallsTest, WhoIsFoundIsCalledOnceForDiscovery) {
  calls.found("Porch", kPorch, now);
  calls.found("Porch", kPorch, now);
  pass(10s);
  ASSERT_EQ(caller.made.size(), 1u);
  EXPECT_EQ(caller.made[0].address, kPorch);
  EXPECT_EQ(caller.made[0].reason, CallReason::discovery);
  calls.on_up(caller.made[0].id, "Porch", now);
  pass(1h);
  EXPECT_EQ(caller.made.size(), 1u);
  EXPECT_TRUE(caller.hung_up.empty());
}

TEST_F(PlayerCallsTest, WhoIsNamedByAnOptionIsCalledToPlayUntilItHasOnce) {
  calls.add(kPorch, now);
  pass(10s, CallEnd{Kind::lost, "nobody there"});
  ASSERT_GT(caller.made.size(), 1u);
  for (const auto& each : caller.made) EXPECT_EQ(each.reason, CallReason::playback);
  pass(PlayerCalls::kLongestPause);
  calls.on_up(caller.made.back().id, "Porch", now);
  calls.on_over(caller.made.back().id, {Kind::lost, ""}, now);
  pass(PlayerCalls::kLongestPause);
  EXPECT_EQ(caller.made.back().reason, CallReason::discovery);
}

TEST_F(PlayerCallsTest, PausesGrowToAMinuteAndAGoodConnectionMakesThemShortAgain) {
  calls.found("Porch", kPorch, now);
  std::vector<Duration> pauses;
  ServerTime before = now;
  for (int i = 0; i < 12; ++i) {
    const std::size_t made = caller.made.size();
    while (caller.made.size() == made) pass(200ms, CallEnd{Kind::lost, "nobody there"});
    pauses.push_back(now - before);
    before = now;
  }
  for (std::size_t i = 1; i < pauses.size(); ++i) {
    EXPECT_GE(pauses[i] + 400ms, pauses[i - 1]);
    EXPECT_LE(pauses[i], PlayerCalls::kLongestPause + 400ms);
  }
  EXPECT_GE(pauses.back() + 400ms, PlayerCalls::kLongestPause);

  pass(PlayerCalls::kLongestPause);
  calls.on_up(caller.made.back().id, "Porch", now);
  pass(PlayerCalls::kGood);
  const std::size_t made = caller.made.size();
  calls.on_over(caller.made.back().id, {Kind::lost, ""}, now);
  pass(PlayerCalls::kFirstPause + 400ms);
  EXPECT_EQ(caller.made.size(), made + 1);
}

TEST_F(PlayerCallsTest, AConnectionThatDoesNotHoldCountsAsAFailedCall) {
  calls.found("Porch", kPorch, now);
  for (int i = 0; i < 100; ++i) {
    pass(1s);
    if (caller.made.empty()) continue;
    calls.on_up(caller.made.back().id, "Porch", now);
    calls.on_over(caller.made.back().id, {Kind::lost, ""}, now);
  }
  EXPECT_LE(caller.made.size(), 9u);
}

TEST_F(PlayerCallsTest, WhoDeclinesOrHasComeByItselfIsNotCalledAgainUntilItIsAnnouncedAnew) {
  for (const Kind kind : {Kind::declined, Kind::replaced}) {
    calls.found("Porch", kPorch, now);
    const CallId id = connect();
    calls.on_over(id, {kind, ""}, now);
    calls.found("Porch", kPorch6, now);  // one more address is nothing new
    const std::size_t made = caller.made.size();
    pass(1h);
    EXPECT_EQ(caller.made.size(), made);
    calls.lost("Porch");
    EXPECT_EQ(calls.known(), 0u);
    calls.found("Porch", kPorch, now);
    pass(1s);
    EXPECT_EQ(caller.made.size(), made + 1);
    calls.on_over(caller.made.back().id, {kind, ""}, now);
    calls.lost("Porch");
  }
}

TEST_F(PlayerCallsTest, WhoIsNoLongerAnnouncedStaysAsLongAsItIsConnected) {
  calls.found("Porch", kPorch, now);
  const CallId id = connect();
  calls.lost("Porch");
  pass(1min);
  EXPECT_TRUE(caller.hung_up.empty());
  calls.on_over(id, {Kind::lost, ""}, now);
  EXPECT_EQ(calls.known(), 0u);
  pass(1h);
  EXPECT_EQ(caller.made.size(), 1u);
}

TEST_F(PlayerCallsTest, EachAddressHasItsTurn) {
  calls.found("Porch", kPorch, now);
  calls.found("Porch", kPorch6, now);
  pass(10s, CallEnd{Kind::lost, "nobody there"});
  ASSERT_GE(caller.made.size(), 2u);
  EXPECT_NE(caller.made[0].address, caller.made[1].address);
}

TEST_F(PlayerCallsTest, WhoSaysNothingIsHungUpOnce) {
  calls.found("Porch", kPorch, now);
  pass(PlayerCalls::kPatience - 1s);
  EXPECT_TRUE(caller.hung_up.empty());
  pass(1min);
  EXPECT_EQ(caller.hung_up, std::vector<CallId>{caller.made[0].id});
}

TEST_F(PlayerCallsTest, OnlySoManyAreKnownAndOnlySoManyCalledAtOnce) {
  for (int i = 0; i < 1000; ++i) calls.found("Player " + std::to_string(i), kPorch, now);
  EXPECT_EQ(calls.known(), PlayerCalls::kMostPlayers);
  pass(5s);
  EXPECT_EQ(caller.made.size(), PlayerCalls::kMostAtOnce);
  pass(5min, CallEnd{Kind::lost, ""});
  for (std::size_t i = 0; i < PlayerCalls::kMostAtOnce; ++i)
    calls.on_over(caller.made[i].id, {Kind::lost, ""}, now);
  pass(5min, CallEnd{Kind::lost, ""});
  EXPECT_GT(caller.made.size(), PlayerCalls::kMostPlayers);
  // One that goes makes room.
  calls.lost("Player 1");
  calls.found("Another", kPorch, now);
  EXPECT_EQ(calls.known(), PlayerCalls::kMostPlayers);
}

TEST_F(PlayerCallsTest, AfterTheEndNobodyIsCalled) {
  calls.found("Porch", kPorch, now);
  const CallId id = connect();
  calls.stop();
  EXPECT_EQ(caller.hung_up, std::vector<CallId>{id});
  calls.on_over(id, {Kind::lost, ""}, now);
  pass(1h);
  EXPECT_EQ(caller.made.size(), 1u);
}

TEST_F(PlayerCallsTest, AnOperatorCallsItToPlayHere) {
  EXPECT_FALSE(calls.call_to_play("Porch", now));
  calls.found("Porch", kPorch, now);
  const CallId id = connect();
  EXPECT_FALSE(calls.call_to_play("Porch", now)) << "it is connected";
  calls.on_over(id, {Kind::declined, "it plays for another server now"}, now);
  ASSERT_EQ(calls.list().size(), 1u);
  EXPECT_EQ(calls.list()[0].name, "Porch");
  EXPECT_EQ(calls.list()[0].phase, PlayerCalls::Phase::resting);
  EXPECT_EQ(calls.list()[0].why, "it plays for another server now");
  EXPECT_TRUE(calls.call_to_play("Porch", now));
  connect();
  EXPECT_EQ(caller.made.back().reason, CallReason::playback);
  EXPECT_EQ(calls.list()[0].phase, PlayerCalls::Phase::up);
  // Once: what follows is for discovery again.
  calls.on_over(caller.made.back().id, {Kind::restart, ""}, now);
  pass(5s);
  EXPECT_EQ(caller.made.back().reason, CallReason::discovery);
}

// Whatever happens in whatever order: a call is answered once, and no player is called twice at a time.
TEST_F(PlayerCallsTest, NeverTwiceAtATime) {
  std::mt19937 random(7);
  std::set<CallId> open;
  std::size_t seen = 0;
  for (int step = 0; step < 20'000; ++step) {
    const std::string name = "Player " + std::to_string(random() % 5);
    switch (random() % 6) {
      case 0:
        calls.found(name, random() % 2 == 0 ? kPorch : kPorch6, now);
        break;
      case 1:
        calls.lost(name);
        break;
      case 2:
        if (!open.empty()) calls.on_up(*open.begin(), "x", now);
        break;
      case 3:
        if (open.empty()) break;
        calls.on_over(*open.rbegin(), {static_cast<Kind>(random() % 4), ""}, now);
        open.erase(*open.rbegin());
        break;
      default:
        pass(Duration(random() % 3'000'000));
    }
    for (; seen < caller.made.size(); ++seen) EXPECT_TRUE(open.insert(caller.made[seen].id).second);
    ASSERT_LE(open.size(), 5u);
    ASSERT_LE(calls.known(), 5u);
  }
  EXPECT_GT(caller.made.size(), 100u);
}

TEST(PlayerAddress, IsShownAsAUrl) {
  EXPECT_EQ(kPorch.url(), "ws://192.168.0.9:8928/sendspin");
  EXPECT_EQ(kPorch6.url(), "ws://[fe80::9%2]:8928/sendspin");
}

}  // namespace
}  // namespace tutti::app
