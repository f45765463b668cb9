#include "player/walk_client.h"

#include "domain/walk_timing.h"
#include "tests/player/client_talk.h"

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

namespace wire = protocol::sendspin;
using namespace std::chrono_literals;

// A server some milliseconds away, in virtual time.
class WalkClientTest : public testing::Test {
 protected:
  WalkClientTest() { connect(); }

  void connect(Duration offset = 1000s) {
    offset_ = offset;
    client_.begin();
    const auto hello = said_as<wire::ClientHello>();
    ASSERT_TRUE(hello);
    EXPECT_EQ(hello->supported_roles, std::vector<std::string>{"_walk@v1"});
    wire::ServerHello answer;
    answer.server_id = "s";
    answer.name = "Server";
    answer.active_roles = {"_walk@v1"};
    ASSERT_TRUE(tell(answer));
  }
  std::optional<wire::ClientMessage> said() { return said_by(client_, now_); }
  template <class T>
  std::optional<T> said_as() {
    return as<T>(said());
  }
  Result<void> tell(const wire::ServerMessage& message) { return client_.on_text(print(message), now_); }
  Result<void> tell_state(const Walk& walk, WalkKeys keys) {
    wire::ServerState state;
    state.walk = wire::WalkState{walk, keys, {}};
    for (const auto& asset : walk.assets) state.walk->urls.push_back("/walk/assets/" + asset.id);
    return tell(state);
  }
  // By what the client takes for the server's time.
  double us_to_cue() {
    const auto line = client_.clock(now_);
    return static_cast<double>(client_.walk().live.now->start.since_start.count()) - line.server.count();
  }
  ServerTime there() const { return {now_.since_start + offset_}; }
  // Answers all questions for so long; what else is said is kept.
  void pass(Duration time) {
    const ClientTime until = now_ + time;
    while (now_ < until) {
      while (const auto message = said()) {
        if (const auto* ask = std::get_if<wire::TimeRequest>(&*message)) {
          now_ = now_ + 1ms;
          const ServerTime received = there();
          now_ = now_ + 1ms;
          ASSERT_TRUE(tell(wire::TimeAnswer{ask->client_transmitted, received, received}));
        } else {
          heard_.push_back(*message);
        }
      }
      now_ = now_ + 10ms;
    }
  }
  // How far off the walk's clock is.
  Duration off() const {
    const ClockLine line = client_.clock(now_);
    EXPECT_TRUE(line.is_known);
    return Duration(static_cast<std::int64_t>(line.server.count())) - there().since_start;
  }
  Walk playing(std::int64_t id, ServerTime start) const {
    Walk walk;
    WalkAsset asset;
    asset.id = "forest";
    asset.frames = 48'000 * 60;
    walk.assets = {asset};
    LiveCue cue;
    cue.id = id;
    cue.part = {"forest", 0s, 30s};
    cue.start = start;
    walk.live.now = cue;
    return walk;
  }

  WalkClient client_{{"id", "By the bridge", "1.0"}};
  ClientTime now_{100s};
  Duration offset_{0};
  std::vector<wire::ClientMessage> heard_;
};

TEST_F(WalkClientTest, TheStateIsTakenWhenItsClockIsKnown) {
  const Walk walk = playing(7, there() + 1s);
  ASSERT_TRUE(tell_state(walk, WalkKeys::all()));
  EXPECT_FALSE(client_.is_current());
  EXPECT_EQ(client_.edition(), 0);
  EXPECT_FALSE(client_.clock(now_).is_known);
  pass(2s);
  EXPECT_TRUE(client_.is_current());
  EXPECT_EQ(client_.walk(), walk);
  EXPECT_EQ(client_.urls(), std::vector<std::string>{"/walk/assets/forest"});
  EXPECT_LT(std::abs(off().count()), 100);
  EXPECT_EQ(*client_.latency(), 1ms);
  // It says so.
  bool is_acked = false;
  for (const auto& message : heard_) {
    const auto* command = std::get_if<wire::ClientCommand>(&message);
    if (command && command->walk) is_acked = *command->walk == wire::WalkSaid{WalkAck{7, std::nullopt, 0us}};
  }
  EXPECT_TRUE(is_acked);
}

TEST_F(WalkClientTest, AChangeLeavesTheRestAsItWas) {
  Walk walk = playing(7, there());
  walk.messages = {{1, "left", {}, "anna"}};
  ASSERT_TRUE(tell_state(walk, WalkKeys::all()));
  pass(2s);
  Walk change;
  change.messages = {{1, "left", {}, "anna"}, {2, "right", {}, "anna"}};
  WalkKeys keys;
  keys.messages = true;
  ASSERT_TRUE(tell_state(change, keys));
  EXPECT_EQ(client_.walk().messages.size(), 2U);
  EXPECT_EQ(client_.walk().live, walk.live);
  EXPECT_EQ(client_.walk().assets, walk.assets);
}

TEST_F(WalkClientTest, AReconnectionToTheSameServerChangesNothing) {
  const Walk walk = playing(7, there());
  ASSERT_TRUE(tell_state(walk, WalkKeys::all()));
  pass(2s);
  now_ = now_ + 60s;
  connect(offset_);
  EXPECT_LT(std::abs(off().count()), 1000) << "the clock goes on";
  ASSERT_TRUE(tell_state(walk, WalkKeys::all()));
  pass(2s);
  EXPECT_EQ(client_.walk(), walk);
  EXPECT_LT(std::abs(off().count()), 1000);
}

TEST_F(WalkClientTest, ARestartedServersCueStaysWhereItIs) {
  const Walk before = playing(7, there() - 5s);
  ASSERT_TRUE(tell_state(before, WalkKeys::all()));
  pass(2s);
  const ServerTime zero = there();
  const auto position = heard_at(client_.walk(), zero)->position;
  now_ = now_ + 3s;
  // Its clock begins anew. It knows by the calendar when the cue began, and that was set by 2 ms meanwhile.
  connect(-now_.since_start + 1s);
  const Walk after = shifted(before, there() - (zero + 3s) + 2ms);
  ASSERT_TRUE(tell_state(after, WalkKeys::all()));
  EXPECT_EQ(client_.walk(), before) << "not before it is known of which clock that is";
  pass(2s);
  EXPECT_TRUE(client_.is_current());
  EXPECT_EQ(client_.walk().live, before.live) << "the plan stays as it is";
  const auto line = client_.clock(now_);
  const ServerTime here{Duration(static_cast<std::int64_t>(line.server.count()))};
  const auto expected = position + (there() - ServerTime{1s}) + 3s - 2ms;
  EXPECT_NEAR(static_cast<double>(heard_at(client_.walk(), here)->position.count()),
              static_cast<double>(expected.count()), 300);
}

TEST_F(WalkClientTest, ARestartedServersNewCueIsHeardAtItsTime) {
  ASSERT_TRUE(tell_state(playing(7, there()), WalkKeys::all()));
  pass(2s);
  connect(-now_.since_start + 1s);
  const ServerTime start = there() + 4s;
  ASSERT_TRUE(tell_state(playing(8, start), WalkKeys::all()));
  pass(2s);
  EXPECT_NEAR(us_to_cue(), static_cast<double>((start - there()).count()), 300);
}

TEST_F(WalkClientTest, UntilARestartedServerHasSpokenOfTheWalkTheOldTimeGoesOn) {
  const Walk before = playing(7, there() - 5s);
  ASSERT_TRUE(tell_state(before, WalkKeys::all()));
  pass(2s);
  const ServerTime zero = there();
  const ClientTime then = now_;
  // Two restarts, and a connection that breaks before it has told the state.
  for (int i = 1; i <= 2; ++i) {
    connect(-now_.since_start + i * 1s);
    pass(2s);
    const auto line = client_.clock(now_);
    const Duration passed = Duration(static_cast<std::int64_t>(line.server.count())) - zero.since_start;
    EXPECT_NEAR(static_cast<double>(passed.count()), static_cast<double>((now_ - then).count()), 1000);
  }
  connect(offset_);
  const ServerTime start = there() + 4s;
  ASSERT_TRUE(tell_state(playing(8, start), WalkKeys::all()));
  pass(2s);
  EXPECT_NEAR(us_to_cue(), static_cast<double>((start - there()).count()), 1000);
}

TEST_F(WalkClientTest, HowItIsIsToldOnceAndAnewOnEachConnection) {
  WalkReport report;
  report.name = "By the bridge";
  report.is_unlocked = true;
  report.assets["forest"] = {10, false};
  report.clock = 420us;
  client_.report(report);
  pass(1s);
  const auto told = [&] {
    std::vector<WalkReport> out;
    for (const auto& message : heard_) {
      const auto* state = std::get_if<wire::ClientState>(&message);
      if (state && state->walk) out.push_back(*state->walk);
    }
    heard_.clear();
    return out;
  };
  auto first = told();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].assets.at("forest").have, 10);
  EXPECT_EQ(first[0].clock, 400us);
  client_.report(report);
  pass(1s);
  EXPECT_TRUE(told().empty());
  report.assets["forest"] = {20, true};
  client_.report(report);
  pass(1s);
  const auto second = told();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_FALSE(second[0].name);
  EXPECT_TRUE(second[0].assets.at("forest").is_ready);
  connect(offset_);
  pass(1s);
  const auto again = told();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].name, "By the bridge");
}

TEST_F(WalkClientTest, AServerWithoutAWalkIsSaidToHaveNone) {
  WalkClient other({"id", "name", "1"});
  other.begin();
  wire::ServerHello hello;
  hello.name = "Radio";
  const auto heard = other.on_text(print(wire::ServerMessage{hello}), now_);
  ASSERT_FALSE(heard);
  EXPECT_NE(heard.error().message.find("has no walk"), std::string::npos);
}

TEST_F(WalkClientTest, StatesWithoutATimeAreBounded) {
  Result<void> heard;
  for (int i = 0; i < 100 && heard; ++i) heard = tell_state(Walk{}, WalkKeys::all());
  EXPECT_FALSE(heard);
}

TEST_F(WalkClientTest, SaysGoodbye) {
  client_.leave();
  ASSERT_TRUE(said_as<wire::ClientGoodbye>());
  EXPECT_TRUE(client_.has_left());
  EXPECT_FALSE(said());
}

}  // namespace
}  // namespace tutti::player
