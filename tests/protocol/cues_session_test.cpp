#include "protocol/cues_session.h"

#include <random>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using namespace std::chrono_literals;
using Kind = CuesSession::Event::Kind;

constexpr auto kPing = R"({"ping": "ping"})";
constexpr auto kPong = R"({"pong":"pong"})";
constexpr auto kHello = R"({"message":"Client connected"})";
constexpr auto kAck = R"({"ack":"Received timestamp","audioDownloaded":true})";
constexpr auto kPlayed = R"({"ack":"Received timestamp"})";

ServerTime at(Duration t) { return {t}; }

// A session whose phone is so far away, each way.
CuesSession measured(Duration one_way) {
  CuesSession session;
  session.on_open(at(0s));
  session.on_text(kHello, at(one_way));
  session.on_text(kPong, at(2 * one_way));
  return session;
}

AppCue cue(std::uint64_t id, Duration start, std::chrono::milliseconds a = 1s,
           std::chrono::milliseconds b = 2s) {
  return {id, a, b, at(start), false, {}, {}};
}

TEST(CuesSession, TheWireIsThatOfTheDocument) {
  CuesSession session;
  EXPECT_EQ(session.on_open(at(0s)).say, std::vector<std::string>{kPing});
  session.on_text(kPong, at(2ms));
  EXPECT_EQ(session.on_cues({cue(1, 2001ms + 10s)}, at(10s)).say,
            std::vector<std::string>{R"({"start": 1.0, "end": 2.0, "playbackTimeOffset": 2.0})"});
  EXPECT_EQ(session.on_cues({cue(2, 20s + 1ms, 12500ms, 47125ms)}, at(20s)).say,
            std::vector<std::string>{R"({"start": 12.5, "end": 47.125, "playbackTimeOffset": 0.0})"});
  EXPECT_EQ(app_message("Turn \"left\"\n"), R"({"message": "Turn \"left\" "})");
}

TEST(CuesSession, OffsetsAreOfTheShortestRoundTripAndNeverOfAcks) {
  CuesSession session;
  session.on_open(at(0s));
  session.on_text(kPong, at(400ms));
  EXPECT_EQ(session.one_way(), 200ms);
  EXPECT_EQ(session.due(), at(10s));
  EXPECT_EQ(session.on_time(at(10s)).say, std::vector<std::string>{kPing});
  session.on_text(kPong, at(10'100ms));
  EXPECT_EQ(session.one_way(), 50ms);
  session.on_time(at(20s));
  session.on_text(kPong, at(20'900ms));
  EXPECT_EQ(session.one_way(), 50ms);
  session.on_cues({cue(1, 23s)}, at(21s));
  session.on_text(kAck, at(21'001ms));
  session.on_text(kPlayed, at(29s));
  EXPECT_EQ(session.one_way(), 50ms);
  session.on_text(kPong, at(29'001ms));
  EXPECT_EQ(session.one_way(), 50ms) << "nobody had asked";
}

TEST(CuesSession, AWayThatHasBecomeLongerIsLearned) {
  CuesSession session = measured(10ms);
  for (int i = 1; i <= 6; ++i) {
    session.on_time(at(i * 10s));
    session.on_text(kPong, at(i * 10s + 200ms));
  }
  EXPECT_EQ(session.one_way(), 100ms);
}

TEST(CuesSession, APingThatIsPassedOverSpoilsNoLaterOne) {
  CuesSession session;
  session.on_open(at(0s));
  session.on_time(at(10s));
  session.on_text(kPong, at(10'100ms));
  EXPECT_FALSE(session.one_way()) << "the first one's answer, or the second's?";
  session.on_time(at(20s));
  session.on_text(kPong, at(20'100ms));
  EXPECT_EQ(session.one_way(), 50ms);
}

TEST(CuesSession, PhonesAtAnyDistanceBeginTogether) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 2000; ++i) {
    const Duration way(static_cast<std::int64_t>(random() % 400'000));
    CuesSession session = measured(way);
    const ServerTime now = at(1s + Duration(static_cast<std::int64_t>(random() % 5'000'000)));
    const Duration lead(static_cast<std::int64_t>(random() % 4'000'000) - 1'000'000);
    const auto out = session.on_cues({{1, 5s, 60s, now + lead, false, {}, {}}}, now);
    ASSERT_EQ(out.say.size(), 1U);
    const auto heard = boost::json::parse(out.say[0]).as_object();
    const double begins = static_cast<double>((now + way).since_start.count()) / 1e6 +
                          heard.at("playbackTimeOffset").as_double();
    const double zero = begins - heard.at("start").as_double();  // when its beginning would have been heard
    ASSERT_NEAR(zero, static_cast<double>((now + lead).since_start.count()) / 1e6 - 5, 2e-6)
        << "in time or late, the same place";
    if (lead < way) {
      ASSERT_NEAR(heard.at("playbackTimeOffset").as_double(), 0.2, 0.0011);
    }
  }
}

TEST(CuesSession, WhoIsNotMeasuredWaitsForThePongALittle) {
  CuesSession session;
  session.on_open(at(0s));
  EXPECT_TRUE(session.on_cues({cue(1, 3s)}, at(10ms)).say.empty());
  EXPECT_EQ(session.due(), at(500ms));
  EXPECT_EQ(session.on_time(at(500ms)).say,
            std::vector<std::string>{R"({"start": 1.0, "end": 2.0, "playbackTimeOffset": 2.45})"});
  EXPECT_TRUE(session.on_text(kPong, at(600ms)).say.empty()) << "it is said once";
  CuesSession other;
  other.on_open(at(0s));
  other.on_cues({cue(1, 3s)}, at(10ms));
  EXPECT_EQ(other.on_text(kPong, at(100ms)).say.size(), 1U);
}

TEST(CuesSession, ACueThatIsOverIsNotSaid) {
  CuesSession session = measured(10ms);
  EXPECT_TRUE(session.on_cues({cue(1, 1s)}, at(1'900ms)).say.empty());
  EXPECT_TRUE(session.on_time(at(5s)).say.empty());
}

TEST(CuesSession, WhatIsFarAwayIsSaidWhenItIsNear) {
  CuesSession session = measured(10ms);
  EXPECT_TRUE(session.on_cues({cue(1, 9s)}, at(1s)).say.empty());
  EXPECT_EQ(session.due(), at(4s));
  EXPECT_EQ(session.on_time(at(4s)).say,
            std::vector<std::string>{R"({"start": 1.0, "end": 2.0, "playbackTimeOffset": 4.99})"});
}

TEST(CuesSession, WhoHasDownloadedLateIsToldOfWhatIsOn) {
  CuesSession session = measured(10ms);
  EXPECT_EQ(session.on_cues({cue(1, 1s, 0s, 60s)}, at(1s)).say.size(), 1U);
  const auto out = session.on_text(R"({"downloadAck":"Download complete"})", at(11s));
  EXPECT_EQ(out.say, std::vector<std::string>{R"({"start": 10.21, "end": 60.0, "playbackTimeOffset": 0.2})"});
  EXPECT_TRUE(session.on_text(R"({"downloadAck":"Download complete"})", at(12s)).say.empty());
}

TEST(CuesSession, WhoEntersInTheMiddleIsToldOnce) {
  CuesSession session = measured(10ms);
  EXPECT_EQ(session.on_cues({cue(1, 1s, 0s, 60s)}, at(5s)).say.size(), 1U);
  const auto out = session.on_text(kAck, at(5'020ms));
  EXPECT_TRUE(out.say.empty()) << "that it has the audio is no news";
  EXPECT_EQ(out.events.size(), 1U);
  EXPECT_TRUE(session.has_audio());
}

TEST(CuesSession, AStopIsACueOfNoLength) {
  CuesSession session = measured(10ms);
  AppCue on = cue(1, 1s, 0s, 60s);
  session.on_cues({on}, at(500ms));
  on.stop = at(21s);
  EXPECT_EQ(session.on_cues({on}, at(20s)).say,
            std::vector<std::string>{R"({"start": 20.0, "end": 20.001, "playbackTimeOffset": 0.99})"});
  EXPECT_TRUE(session.on_cues({on}, at(20'001ms)).say.empty());
  EXPECT_TRUE(session.on_cues({}, at(22s)).say.empty());
}

TEST(CuesSession, ACueThatIsTakenBackIsStopped) {
  CuesSession session = measured(10ms);
  session.on_cues({cue(1, 5s)}, at(2s));
  EXPECT_EQ(session.on_cues({}, at(3s)).say,
            std::vector<std::string>{R"({"start": 1.05, "end": 1.051, "playbackTimeOffset": 2.04})"});
}

TEST(CuesSession, AnotherCueInTheirPlaceIsWhatIsHeard) {
  CuesSession session = measured(10ms);
  session.on_cues({cue(1, 5s)}, at(2s));
  auto out = session.on_cues({cue(2, 5s + 20ms)}, at(3s));
  EXPECT_EQ(out.say, std::vector<std::string>{R"({"start": 1.0, "end": 2.0, "playbackTimeOffset": 2.01})"});
  session = measured(10ms);
  session.on_cues({cue(1, 5s)}, at(2s));
  out = session.on_cues({cue(2, 4'500ms, 10s, 20s)}, at(3s));
  EXPECT_EQ(out.say,
            (std::vector<std::string>{R"({"start": 10.0, "end": 20.0, "playbackTimeOffset": 1.49})",
                                      R"({"start": 10.55, "end": 20.0, "playbackTimeOffset": 2.04})"}))
      << "the app begins the first one at 5 s, whatever it is told";
}

TEST(CuesSession, ALoopIsSaidPassByPass) {
  CuesSession session = measured(10ms);
  AppCue loop = cue(1, 2s, 0s, 10s);
  loop.loop = true;
  EXPECT_EQ(session.on_cues({loop}, at(1s)).say.size(), 1U);
  EXPECT_EQ(session.due(), at(10s)) << "a ping; the next pass begins at 12 s";
  session.on_time(at(10s));
  EXPECT_EQ(session.due(), at(10'500ms));
  EXPECT_EQ(session.on_time(at(10'500ms)).say,
            std::vector<std::string>{R"({"start": 0.0, "end": 10.0, "playbackTimeOffset": 1.49})"});
  CuesSession late = measured(10ms);
  EXPECT_EQ(late.on_cues({loop}, at(27s)).say,
            std::vector<std::string>{R"({"start": 5.21, "end": 10.0, "playbackTimeOffset": 0.2})"});
}

TEST(CuesSession, AWalkAsTheAppIsToPlayIt) {
  Walk walk;
  LiveCue now;
  now.id = 4;
  now.part = {"forest", 1s, 9s, 100, false};
  now.start = at(10s);
  LiveCue next = now;
  next.id = 5;
  next.start = at(14s);
  walk.live = {now, next};
  auto cues = app_cues(walk, "forest", at(11s));
  ASSERT_EQ(cues.size(), 2U);
  EXPECT_EQ(cues[0].until, at(14s));
  EXPECT_FALSE(cues[0].stop);
  EXPECT_EQ(cues[1].start, at(14s));
  walk.live.next->part.asset = "river";
  cues = app_cues(walk, "forest", at(11s));
  ASSERT_EQ(cues.size(), 1U);
  EXPECT_EQ(cues[0].stop, at(14s)) << "it does not have what comes then";
  walk.live.now->stop = WalkStop{at(12s), 500ms};
  EXPECT_EQ(app_cues(walk, "forest", at(11s))[0].stop, at(12'500ms));
  CuesSession session = measured(10ms);
  EXPECT_EQ(session.on_cues(app_cues(walk, "river", at(11s)), at(11s)).say.size(), 1U);
}

TEST(CuesSession, ALoopIsNotSaidAgainAtWhoseEndAnotherBegins) {
  CuesSession session = measured(10ms);
  AppCue loop = cue(1, 2s, 0s, 10s);
  loop.loop = true;
  loop.until = at(12s);
  session.on_cues({loop, cue(2, 12s)}, at(1s));
  EXPECT_EQ(session.on_time(at(7s)).say.size(), 1U);
  session.on_time(at(10s));
  EXPECT_TRUE(session.on_time(at(10'600ms)).say.empty());
}

TEST(CuesSession, TheConsolesWords) {
  CuesSession session;
  session.on_open(at(0s));
  std::vector<std::string> words;
  const auto hear = [&](const CuesSession::Outcome& out) {
    for (const auto& event : out.events) words.push_back(in_words(event, 3));
  };
  hear(session.on_text(kHello, at(100ms)));
  hear(session.on_text(kHello, at(110ms)));
  hear(session.on_text(kPong, at(166'985us)));
  hear(session.on_text(R"({"downloadAck":"Download complete"})", at(1s)));
  hear(session.on_cues({cue(1, 5s)}, at(4s)));
  hear(session.on_text(kAck, at(4'224ms)));
  hear(session.on_text(kAck, at(4'225ms)));
  hear(session.on_text(kPlayed, at(7s)));
  hear(session.on_text(kPlayed, at(7s)));
  EXPECT_EQ(
      words,
      (std::vector<std::string>{
          "A new client 3 connected, waiting for client 3 to finish downloading the audio file",
          "Received pong {'pong': 'pong'} Latency 0.166985 (client 3)",
          "Client 3 finished downloading the audio file",
          "Received ack {'ack': 'Received timestamp', 'audioDownloaded': True} Latency 0.224 (client 3)",
          "Received ack {'ack': 'Received timestamp'} after playing (client 3)"}));
}

TEST(CuesSession, WhatIsNoJsonEndsNothing) {
  CuesSession session = measured(10ms);
  for (const auto* text :
       {"", "hello", "{", "[1]", "1", "null", R"({"ack":)", R"({"message":7})", "{}",
        R"({"message":"Client connected","audioDownloaded":"yes"})", R"({"ack":1,"ack":2})"}) {
    const auto out = session.on_text(text, at(1s));
    EXPECT_TRUE(out.say.empty()) << text;
    EXPECT_TRUE(out.events.empty()) << text;
  }
  EXPECT_EQ(session.on_cues({cue(1, 3s)}, at(1s)).say.size(), 1U);
}

TEST(CuesSession, WhoNeverAnswersCostsLittle) {
  CuesSession session;
  session.on_open(at(0s));
  for (int i = 0; i < 100'000; ++i) {
    const auto out = session.on_text(i % 2 == 0 ? kPong : kAck, at(Duration(i)));
    ASSERT_TRUE(out.say.empty());
    ASSERT_LE(out.events.size(), i == 0 ? 2U : 1U);
  }
  for (int i = 1; i < 1000; ++i) ASSERT_EQ(session.on_time(at(i * 10s)).say.size(), 1U);
}

}  // namespace
}  // namespace tutti::protocol
