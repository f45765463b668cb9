#include "protocol/walk_json.h"

#include "tests/protocol/sample_walk.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using namespace std::chrono_literals;
using sendspin::ClientCommand;
using sendspin::ClientState;
using testing::HasSubstr;

template <class Message>
Message client(std::string_view text) {
  const auto parsed = sendspin::parse_client_message(text);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed ? std::get<Message>(*parsed) : Message{};
}

std::string wrong(std::string_view text) {
  const auto parsed = sendspin::parse_client_message(text);
  return parsed ? "" : parsed.error().message;
}

TEST(WalkJson, AStateIsAsTheContractHasIt) {
  Walk walk = sample_walk();
  walk.assets.back().sha256 = "ab";
  const auto expected = boost::json::parse(R"({
    "walk":{"title":"Park","text":"text","welcome":"hello","languages":["en","ru"]},
    "assets":[
      {"id":"forest","title":"Лес","url":"/walk/assets/forest","type":"audio/mpeg","rate":48000,"frames":345600000,
       "ready":false},
      {"id":"sea","title":"Лес","url":"/walk/assets/sea","type":"audio/mpeg","rate":48000,"frames":345600000,
       "ready":true,"bytes":384,"sha256":"ab","delay":1105}],
    "sheet":[{"name":"bridge","asset":"forest","a_ms":12500,"b_ms":47000,"volume":90,"loop":true,"note":"note"}],
    "reached":"bridge","edit":{"revision":4,"author":"boris"},
    "live":{
      "now":{"id":17,"name":"bridge","asset":"forest","a_ms":12500,"b_ms":47000,"volume":100,"loop":false,
        "start":-5000000,"author":"anna","stop":null},
      "next":{"id":18,"name":null,"asset":"forest","a_ms":12500,"b_ms":47000,"volume":100,"loop":false,
        "start":-5000000,"author":"anna","stop":{"at":7000000,"fade_ms":500}}},
    "messages":[{"seq":3,"text":"Turn left","at":6000000,"author":"anna"}],
    "lead_ms":1200,"lead":{"chosen_ms":1200,"measured_ms":830,"manual_ms":null},
    "armed":{"start":9000000,"from":"bridge","id":18,"author":"anna"}})");
  EXPECT_EQ(boost::json::value(walk_object(walk, WalkKeys::all())), expected);
}

TEST(WalkJson, OnlyWhatHasChangedIsSaid) {
  WalkKeys keys;
  keys.armed = true;
  EXPECT_EQ(print_walk_state({}, keys), R"({"type":"server/state","payload":{"_walk":{"armed":null}}})");
}

TEST(WalkJson, APhoneTellsOfItself) {
  const auto state = client<ClientState>(
      R"({"type":"client/state","payload":{"_walk":{"name":"Pixel 7","unlocked":true,"assets":{"forest":{"have":1234,
      "ready":false}},"clock_us":420,"latency_us":31000,"correction_us":-5,"battery":0.8,"network":null,"hidden":false}}})");
  WalkReport expected;
  expected.name = "Pixel 7";
  expected.is_unlocked = true;
  expected.assets = {{"forest", {1234, false}}};
  expected.clock = 420us;
  expected.latency = 31ms;
  expected.correction = -5us;
  expected.battery = std::optional(0.8);
  expected.network = std::optional<std::string>();
  expected.is_hidden = false;
  EXPECT_EQ(state.walk, expected);
  EXPECT_EQ(client<ClientState>(sendspin::print(sendspin::ClientMessage(state))), state);
}

TEST(WalkJson, APhoneAcknowledges) {
  const auto ack = client<ClientCommand>(
      R"({"type":"client/command","payload":{"_walk":{"command":"ack","cue":17,"start_error_us":null,"late_us":3}}})");
  EXPECT_EQ(ack.walk, sendspin::WalkSaid(WalkAck{17, std::nullopt, 3us}));
  EXPECT_EQ(client<ClientCommand>(sendspin::print(sendspin::ClientMessage(ack))), ack);
  const auto seen = client<ClientCommand>(
      R"({"type":"client/command","payload":{"_walk":{"command":"seen","message":3}}})");
  EXPECT_EQ(seen.walk, sendspin::WalkSaid(WalkSeen{3}));
  EXPECT_EQ(
      client<ClientCommand>(R"({"type":"client/command","payload":{"_walk":{"command":"dance"}}})").walk,
      std::nullopt);
}

TEST(WalkJson, WhatIsNoReportIsRefused) {
  const auto state = [](std::string_view walk) {
    return wrong(R"({"type":"client/state","payload":{"_walk":)" + std::string(walk) + "}}");
  };
  EXPECT_THAT(state(R"({"battery":2})"), HasSubstr("battery is not a number from 0 to 1"));
  EXPECT_THAT(state(R"({"assets":[]})"), HasSubstr("assets is not an object"));
  EXPECT_THAT(state(R"({"assets":{"a":3}})"), HasSubstr("objects"));
  EXPECT_THAT(state(R"({"latency_us":-1})"), HasSubstr("latency_us"));
  EXPECT_THAT(state(R"({"unlocked":1})"), HasSubstr("true or false"));
  EXPECT_THAT(wrong(R"({"type":"client/command","payload":{"_walk":{"command":"ack"}}})"), HasSubstr("cue"));
}

TEST(WalkJson, ACueInSeconds) {
  const auto order =
      parse_walk_order("cue", R"({"a":12.5,"b":47.001,"asset":"sea","volume":50,"loop":true})");
  ASSERT_TRUE(order) << order.error().message;
  const auto& cue = std::get<CueOrder>(*order);
  EXPECT_EQ(cue.a, 12'500ms);
  EXPECT_EQ(cue.b, 47'001ms);
  EXPECT_EQ(cue.asset, "sea");
  EXPECT_EQ(cue.volume, 50);
  EXPECT_EQ(cue.loop, true);
  EXPECT_EQ(cue.lead, std::nullopt);
}

TEST(WalkJson, EverySecondOfThreeDecimalsIsExact) {
  for (int ms = 0; ms < 20'000'000; ms += 7'919) {
    const std::string text = std::to_string(ms / 1000) + "." + std::to_string(1000 + ms % 1000).substr(1);
    const auto order = parse_walk_order("cue", R"({"a":0,"b":)" + text + "}");
    ASSERT_TRUE(order) << text << ": " << order.error().message;
    ASSERT_EQ(std::get<CueOrder>(*order).b, Millis(ms)) << text;
  }
}

TEST(WalkJson, WhatIsNoOrderSaysWhatWasExpected) {
  const auto refused = [](std::string_view verb, std::string_view body) {
    const auto order = parse_walk_order(verb, body);
    return order ? "" : order.error().message;
  };
  EXPECT_THAT(refused("cue", R"({"a":1})"), HasSubstr("b is not there"));
  EXPECT_THAT(refused("cue", R"({"a":1,"b":2.0005})"), HasSubstr("up to 3 decimals"));
  EXPECT_THAT(refused("cue", R"({"a":"1","b":2})"), HasSubstr("a is not a number of seconds"));
  EXPECT_THAT(refused("cue", "[1,2]"), HasSubstr("JSON object"));
  EXPECT_THAT(refused("cue", "{"), HasSubstr("not JSON"));
  EXPECT_THAT(refused("message", ""), HasSubstr("text is not there"));
  EXPECT_THAT(refused("sheet", R"([{"name":"x"}])"), HasSubstr("cue 1: asset is not there"));
  EXPECT_THAT(refused("stop", R"({"fade_ms":-1})"), HasSubstr("fade_ms"));
  EXPECT_THAT(refused("dance", "{}"), HasSubstr("one of cue, stop"));
}

TEST(WalkJson, WhatNeedsNothingTakesNothing) {
  EXPECT_TRUE(parse_walk_order("stop", ""));
  EXPECT_TRUE(std::get<ArmOrder>(*parse_walk_order("arm", "")).is_armed);
  EXPECT_FALSE(std::get<ArmOrder>(*parse_walk_order("arm", R"({"armed":false})")).is_armed);
  EXPECT_EQ(std::get<LeadOrder>(*parse_walk_order("lead", R"({"lead_ms":null})")).lead, std::nullopt);
  EXPECT_EQ(std::get<LeadOrder>(*parse_walk_order("lead", R"({"lead_ms":900})")).lead, 900ms);
}

TEST(WalkJson, WhatAWalkSaysOfItselfIsChangedInPart) {
  const auto order = parse_walk_order("about", R"({"title":"Ночь","languages":["ru"],"revision":7})");
  ASSERT_TRUE(order) << order.error().message;
  const auto& about = std::get<AboutOrder>(*order);
  EXPECT_EQ(about.title, "Ночь");
  EXPECT_EQ(about.text, std::nullopt);
  EXPECT_EQ(about.languages, std::vector<std::string>{"ru"});
  EXPECT_EQ(about.revision, 7);
  // What is too long is refused where it is checked, not cut without a word.
  const auto long_one = parse_walk_order("about", R"({"title":")" + std::string(300, 'x') + R"("})");
  ASSERT_TRUE(long_one);
  EXPECT_FALSE(check_about({*std::get<AboutOrder>(*long_one).title, "", "", {}}));
  EXPECT_FALSE(parse_walk_order("about", R"({"languages":"en"})"));
  EXPECT_FALSE(parse_walk_order("about", R"({"revision":-1})"));
  EXPECT_EQ(std::get<SheetOrder>(*parse_walk_order("sheet", R"({"sheet":[],"revision":3})")).revision, 3);
}

TEST(WalkJson, ASheetComesBackAsItWasShown) {
  Walk walk;
  walk.sheet = {{"bridge", {"forest", 12'500ms, 47s, 90, true}, "note"}, {"мост", {"sea", 0s, 1ms}, ""}};
  WalkKeys keys;
  keys.sheet = true;
  const auto order = parse_walk_order("sheet", boost::json::serialize(walk_object(walk, keys)));
  ASSERT_TRUE(order) << order.error().message;
  EXPECT_EQ(std::get<SheetOrder>(*order).sheet, walk.sheet);
}

}  // namespace
}  // namespace tutti::protocol
