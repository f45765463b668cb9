#include "domain/walk_people.h"

#include <gtest/gtest.h>

namespace tutti {
namespace {

using namespace std::chrono_literals;

Walk walk_of(std::initializer_list<const char*> ids) {
  Walk walk;
  for (const char* id : ids) {
    WalkAsset asset;
    asset.id = id;
    asset.is_ready = true;
    walk.assets.push_back(asset);
  }
  return walk;
}

TEST(WalkPeople, AReportChangesWhatItNames) {
  WalkParticipant phone;
  WalkReport report;
  report.name = "Pixel 7";
  report.battery = std::optional(0.8);
  apply(phone, report);
  apply(phone, WalkReport{});
  EXPECT_EQ(phone.name, "Pixel 7");
  EXPECT_EQ(phone.battery, 0.8);
  WalkReport unknown;
  unknown.battery = std::optional<double>();
  apply(phone, unknown);
  EXPECT_EQ(phone.battery, std::nullopt);
}

TEST(WalkPeople, ReadyIsEverythingDownloadedAndUnlocked) {
  const Walk walk = walk_of({"forest", "sea"});
  WalkParticipant phone;
  WalkReport report;
  report.assets["forest"] = {1000, true};
  report.assets["moon"] = {1000, true};
  report.is_unlocked = true;
  apply(phone, report);
  EXPECT_FALSE(phone.is_ready(walk));
  EXPECT_EQ(phone.assets.size(), 2U) << "the walk may come to have it";
  report.assets = {{"sea", {5, true}}};
  apply(phone, report);
  EXPECT_TRUE(phone.is_ready(walk));
  report.is_unlocked = false;
  apply(phone, report);
  EXPECT_FALSE(phone.is_ready(walk));
}

TEST(WalkPeople, AnAppNeedsTheOneFileThatItKnows) {
  WalkParticipant app;
  app.kind = WalkParticipant::Kind::app;
  WalkReport report;
  report.is_unlocked = true;
  report.assets["sea"] = {0, false};
  apply(app, report);
  EXPECT_FALSE(app.is_ready(walk_of({"forest", "sea"})));
  report.assets["sea"] = {1000, true};
  apply(app, report);
  EXPECT_TRUE(app.is_ready(walk_of({"forest", "sea"})));
  EXPECT_TRUE(app.has_everything(walk_of({"forest", "sea"})));
  EXPECT_FALSE(app.is_ready(walk_of({"forest"}))) << "the walk has its file no more";
}

TEST(WalkPeople, WhoHasEverythingOfNothingHasNotDownloaded) {
  WalkParticipant phone;
  phone.is_unlocked = true;
  EXPECT_FALSE(phone.has_everything(Walk{}));
  EXPECT_TRUE(phone.is_ready(Walk{}));
}

TEST(WalkPeople, AssetsAreNotKeptWithoutEnd) {
  WalkParticipant phone;
  for (int i = 0; i < 1000; ++i) {
    WalkReport report;
    report.assets[std::to_string(i)] = {1, true};
    apply(phone, report);
  }
  EXPECT_EQ(phone.assets.size(), WalkParticipant::kMostAssets);
}

TEST(WalkPeople, ItsWorstLatencyIsOfTheLatest) {
  WalkParticipant phone;
  EXPECT_EQ(phone.worst_latency(), std::nullopt);
  WalkReport report;
  report.latency = 900ms;
  apply(phone, report);
  report.latency = 30ms;
  for (std::size_t i = 1; i < WalkParticipant::kLatencies; ++i) apply(phone, report);
  EXPECT_EQ(phone.worst_latency(), 900ms);
  apply(phone, report);
  EXPECT_EQ(phone.worst_latency(), 30ms);
}

TEST(WalkPeople, WhoHeardLateNeededLonger) {
  WalkParticipant phone;
  apply(phone, WalkAck{1, std::nullopt, 0us}, 1s, {5s});
  EXPECT_EQ(phone.worst_latency(), std::nullopt);
  apply(phone, WalkAck{2, 300us, 250ms}, 1s, {6s});
  EXPECT_EQ(phone.worst_latency(), 1'250ms);
  EXPECT_EQ(phone.ack->cue, 2);
  apply(phone, WalkAck{3, 300us, 30s}, std::nullopt, {6s});
  EXPECT_EQ(phone.worst_latency(), 1'250ms) << "it came in the middle";
  EXPECT_EQ(phone.ack->late, 30s);
  EXPECT_EQ(phone.acked_at, ServerTime{6s});
}

}  // namespace
}  // namespace tutti
