#include "protocol/player_wire.h"

#include "protocol/rfc3339.h"

#include <random>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr DeviceTime kMay{1'652'087'352'000ms};  // 2022-05-09T09:09:12Z

PlayerUpdate update_of(std::string_view text) {
  const auto message = parse_player_message(text);
  EXPECT_TRUE(message) << text << ": " << (message ? "" : message.error().message);
  return message ? std::get<PlayerUpdate>(*message) : PlayerUpdate{};
}

TEST(PlayerWire, ReadsTheDocumentsMessages) {
  const auto track =
      update_of(R"({"type_push_state":"new_track","track_id":2,"from_is":"playlist","from_is_id":2,)"
                R"("time_state_update":"2022-05-09T09:09:12+0000"})");
  const auto& change = std::get<NewTrack>(track.change);
  EXPECT_EQ(change.track_id, 2);
  EXPECT_EQ(change.from_is, "playlist");
  EXPECT_EQ(change.from_is_id, 2);
  EXPECT_FALSE(change.on_pause);
  EXPECT_EQ(track.time, kMay);
  EXPECT_FALSE(track.if_revision);
  EXPECT_TRUE(std::holds_alternative<OnPause>(
      update_of(R"({"type_push_state":"on_pause","time_state_update":"2022-05-09T09:10:12+0000"})").change));
  EXPECT_TRUE(std::holds_alternative<OffPause>(
      update_of(R"({"type_push_state":"off_pause","time_state_update":"2022-05-09T09:12:12+0000"})").change));
  const auto moved = update_of(
      R"({"type_push_state":"change_position","last_sec_position":84,"time_state_update":"2022-05-09T09:12:12+0000"})");
  EXPECT_EQ(std::get<ChangePosition>(moved.change).position, (PlayerPosition{84s, false}));
}

TEST(PlayerWire, ReadsTheProgramsNestedMessages) {
  const auto moved =
      update_of(R"({"type_push_state":"change_position","data":{"last_sec_position":84.25,"if_revision":7,)"
                R"("time_state_update":"2022-05-09T09:09:12Z"}})");
  EXPECT_EQ(std::get<ChangePosition>(moved.change).position, (PlayerPosition{84'250ms, true}));
  EXPECT_EQ(moved.if_revision, 7u);
  EXPECT_EQ(moved.time, kMay);
}

TEST(PlayerWire, RefusesEverythingElse) {
  const std::string time = R"("time_state_update":"2022-05-09T09:09:12Z")";
  for (const std::string& text : {
           std::string(),
           std::string("hello"),
           std::string("null"),
           std::string("[]"),
           std::string("{}"),
           "{" + time + "}",
           R"({"type_push_state":7,)" + time + "}",
           R"({"type_push_state":"play",)" + time + "}",
           R"({"type_push_state":"no_track_state",)" + time + "}",
           std::string(R"({"type_push_state":"on_pause"})"),
           std::string(R"({"type_push_state":"on_pause","time_state_update":"yesterday"})"),
           std::string(R"({"type_push_state":"on_pause","time_state_update":1652087352})"),
           std::string(R"({"type_push_state":"on_pause","data":[]})"),
           R"({"type_push_state":"new_track",)" + time + "}",
           R"({"type_push_state":"new_track","track_id":1.5,)" + time + "}",
           R"({"type_push_state":"new_track","track_id":1e300,)" + time + "}",
           R"({"type_push_state":"new_track","track_id":18446744073709551615,)" + time + "}",
           R"({"type_push_state":"new_track","track_id":"one",)" + time + "}",
           R"({"type_push_state":"new_track","track_id":1,"from_is":5,)" + time + "}",
           R"({"type_push_state":"new_track","track_id":1,"from_is":"a\nb",)" + time + "}",
           R"({"type_push_state":"new_track","track_id":1,"from_is":")" + std::string(65, 'x') + "\"," +
               time + "}",
           R"({"type_push_state":"new_track","track_id":1,"last_sec_position":-1,)" + time + "}",
           R"({"type_push_state":"change_position",)" + time + "}",
           R"({"type_push_state":"change_position","last_sec_position":"5",)" + time + "}",
           R"({"type_push_state":"change_position","last_sec_position":-0.5,)" + time + "}",
           R"({"type_push_state":"change_position","last_sec_position":1e10,)" + time + "}",
           R"({"type_push_state":"on_pause","if_revision":-1,)" + time + "}",
           R"({"type_push_state":"on_pause",)" + time + "} {}",
           R"({"type_push_state":"on_pause","x":"\xff",)" + time + "}",
           "{\"type_push_state\":\"on_pause\",\"x\":\"\xff\"," + time + "}",
           R"({"type_push_state":"on_pause","x":[[[[[[[[[[]]]]]]]]]],)" + time + "}",
           R"({"type_push_state":"on_pause","x":")" + std::string(4096, 'x') + "\"," + time + "}",
           std::string(R"({"type_push_state":"time","t":"noon"})"),
           std::string(R"({"type_push_state":"time","t":1e5205})"),
       }) {
    EXPECT_FALSE(parse_player_message(text)) << text;
  }
}

TEST(PlayerWire, TellsTheTime) {
  const auto message = parse_player_message(R"({"type_push_state":"time","t":1652087352000.25})");
  ASSERT_TRUE(message) << message.error().message;
  const auto& request = std::get<PlayerTimeRequest>(*message);
  const auto reply = json::parse(time_message(request, {1'700'000'000'123'456us})).as_object();
  EXPECT_EQ(reply.at("type_push_state"), "time");
  EXPECT_DOUBLE_EQ(reply.at("t").as_double(), 1652087352000.25);
  EXPECT_EQ(reply.at("server_time"), 1'700'000'000'123);
  EXPECT_EQ(reply.at("data").at("server_time"), 1'700'000'000'123);
}

PlayerState some_state() {
  PlayerState state;
  state.track_id = 2;
  state.from_is = "album";
  state.from_is_id = 4;
  state.position = {64'700ms, false};
  state.time_state_update = kMay;
  state.time_text = "2022-05-09T09:09:12+0000";
  state.revision = 9;
  return state;
}

TEST(PlayerWire, SaysTheStateFlatAndNested) {
  const auto message = json::parse(state_message(some_state())).as_object();
  EXPECT_EQ(message.at("type_push_state"), "new_track");
  for (const json::object& fields : {message, message.at("data").as_object()}) {
    EXPECT_EQ(fields.at("track_id"), 2);
    EXPECT_EQ(fields.at("from_is"), "album");
    EXPECT_EQ(fields.at("from_is_id"), 4);
    EXPECT_EQ(fields.at("on_pause"), false);
    EXPECT_EQ(fields.at("last_sec_position"), 64) << "whole seconds, unless a device gave finer ones";
    EXPECT_EQ(fields.at("position_ms"), 64'700);
    EXPECT_EQ(fields.at("time_state_update"), "2022-05-09T09:09:12+0000") << "as the device spelt it";
    EXPECT_EQ(fields.at("revision"), 9);
  }
  PlayerState finer = some_state();
  finer.position.has_fraction = true;
  EXPECT_DOUBLE_EQ(json::parse(state_message(finer)).at("last_sec_position").as_double(), 64.7);
  EXPECT_EQ(state_message(std::nullopt), R"({"type_push_state":"no_track_state"})");
  EXPECT_EQ(json::parse(error_message("a \"reason\"")).at("message"), "a \"reason\"");
}

TEST(PlayerWire, WhatTheServerSaysCanBeSentBack) {
  const auto update = update_of(state_message(some_state()));
  const auto& change = std::get<NewTrack>(update.change);
  EXPECT_EQ(change.track_id, 2);
  EXPECT_EQ(change.position.value, 64s);
}

TEST(PlayerWire, StatesComeBackAsTheyWere) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 5000; ++i) {
    PlayerState state = some_state();
    state.track_id = static_cast<std::int64_t>(random());
    if (random() % 3 == 0) state.from_is.reset();
    if (random() % 3 == 0) state.from_is = "плейлист \"\\ 'x'";
    if (random() % 3 == 0) state.from_is_id.reset();
    state.on_pause = random() % 2 == 0;
    state.position = {milliseconds(random() >> 2), random() % 2 == 0};
    state.time_state_update = {milliseconds(static_cast<std::int64_t>(random() % 253'402'300'799'999))};
    state.time_text = format_rfc3339(state.time_state_update.since_unix_epoch, Zone::z);
    state.revision = random() >> 12;
    if (random() % 2 == 0) state.track_length = milliseconds(random() >> 12);
    if (random() % 2 == 0) state.accepted_at = {Duration(random() >> 2)};
    const std::string text = format_player_state(state);
    ASSERT_LE(text.size(), kMostPlayerMessageBytes);
    const auto again = parse_player_state(text);
    ASSERT_TRUE(again) << text << ": " << again.error().message;
    ASSERT_EQ(*again, state) << text;
  }
}

TEST(PlayerWire, ReadsWhatTheOriginalStored) {
  const auto old = parse_player_state(
      R"({"track_id":2,"from_is":"playlist","from_is_id":3,"on_pause":true,)"
      R"("last_sec_position":18446744073709551556,"time_state_update":"2022-05-09T09:09:12Z"})");
  ASSERT_TRUE(old) << old.error().message;
  EXPECT_EQ(old->revision, 0u);
  EXPECT_EQ(old->position.value, 0ms) << "it had wrapped around below zero";
  EXPECT_TRUE(old->on_pause);
  EXPECT_EQ(old->from_is_id, 3);
  EXPECT_EQ(
      parse_player_state(
          R"({"track_id":1,"from_is":"","last_sec_position":64,"time_state_update":"2022-05-09T09:09:12+0000"})")
          ->position.value,
      64s);
  for (const auto* text : {"", "7", "{}", R"({"track_id":2})", R"({"track_id":2,"time_state_update":"x"})"}) {
    EXPECT_FALSE(parse_player_state(text)) << text;
  }
}

TEST(PlayerWire, ReadsAWholeStatePutByAnApp) {
  const WallTime now{1'700'000'000'123'456us};
  const auto put = parse_player_put(R"({"track_id":"17","on_pause":true,"last_sec_position":12.5})", now);
  ASSERT_TRUE(put) << put.error().message;
  const auto& change = std::get<NewTrack>(put->change);
  EXPECT_EQ(change.track_id, 17);
  EXPECT_TRUE(change.on_pause);
  EXPECT_EQ(change.position.value, 12'500ms);
  EXPECT_EQ(put->time.since_unix_epoch, 1'700'000'000'123ms);
  EXPECT_FALSE(parse_player_put(R"({"on_pause":true})", now));
  EXPECT_FALSE(parse_player_put(R"({"track_id":1,"on_pause":"yes"})", now));
  EXPECT_FALSE(parse_player_put(R"({"track_id":1,"time_state_update":"x"})", now));
}

}  // namespace
}  // namespace tutti::protocol
