#include "protocol/conduct_wire.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(ConductWire, OrdersAreThoseOfTheHttpApi) {
  const auto cue = parse_conduct(R"({"verb":"cue","name":"bridge"})");
  ASSERT_TRUE(cue) << cue.error().message;
  EXPECT_EQ(std::get<CueOrder>(std::get<WalkOrder>(*cue)).name, "bridge");
  const auto stop = parse_conduct(R"({"verb":"stop","fade_ms":500})");
  ASSERT_TRUE(stop);
  EXPECT_EQ(std::get<StopOrder>(std::get<WalkOrder>(*stop)).fade, 500ms);
}

TEST(ConductWire, TheTimeIsAnsweredAsItWasAsked) {
  const auto time = parse_conduct(R"({"verb":"time","t":17})");
  ASSERT_TRUE(time);
  EXPECT_EQ(print_conduct_time(std::get<ConductTime>(*time), {5us}, {6us}),
            R"({"type":"time","t":17,"server_received":5,"server_transmitted":6})");
}

TEST(ConductWire, WhatIsNoOrderSaysWhatWasExpected) {
  const auto refused = [](std::string_view text) { return parse_conduct(text).error().message; };
  EXPECT_THAT(refused("cue"), HasSubstr("a JSON object"));
  EXPECT_THAT(refused("[]"), HasSubstr("a JSON object"));
  EXPECT_THAT(refused("{}"), HasSubstr("verb is not there"));
  EXPECT_THAT(refused(R"({"verb":"dance"})"), HasSubstr("one of cue"));
  EXPECT_THAT(refused(R"({"verb":"cue","a":1})"), HasSubstr("b is not there"));
}

TEST(ConductWire, IsToldWhatHasChanged) {
  WalkKeys keys;
  keys.armed = true;
  EXPECT_EQ(print_conduct_walk({}, keys, {7us}), R"({"type":"walk","armed":null,"server_time":7})");
  WalkEvent event;
  event.at = {9us};
  event.kind = WalkEvent::Kind::ack;
  event.participant = "p1";
  event.latency = 31ms;
  event.text = "Pixel plays";
  const std::string said = print_conduct_event(event);
  EXPECT_THAT(said, HasSubstr(R"("kind":"ack","participant":"p1")"));
  EXPECT_THAT(said, HasSubstr(R"("text":"Pixel plays")"));
  WalkParticipant row;
  row.id = "p1";
  row.name = "Pixel";
  EXPECT_THAT(print_conduct_rows({row}, {}),
              HasSubstr(R"({"type":"participants","rows":[{"id":"p1","name":"Pixel")"));
}

}  // namespace
}  // namespace tutti::protocol
