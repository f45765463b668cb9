#include "player/walk_plan.h"

#include "domain/walk_timing.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

using namespace std::chrono_literals;

LiveCue cue(std::int64_t id, ServerTime start, Millis a, Millis b) {
  LiveCue out;
  out.id = id;
  out.part = {"forest", a, b};
  out.start = start;
  return out;
}

Walk walk_of(LiveCue now) {
  Walk walk;
  WalkAsset asset;
  asset.id = "forest";
  asset.frames = 48'000 * 60;
  walk.assets = {asset};
  walk.live.now = std::move(now);
  return walk;
}

TEST(WalkPlan, EveryMomentHasTheFrameThatIsNearest) {
  EXPECT_EQ(grid_frame({0us}), 0);
  EXPECT_EQ(grid_frame({10us}), 0);
  EXPECT_EQ(grid_frame({11us}), 1);
  EXPECT_EQ(grid_frame({-10us}), 0);
  EXPECT_EQ(grid_frame({-11us}), -1);
  EXPECT_EQ(grid_frame({1h}), 48'000 * 3600);
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const ServerTime t{Duration(static_cast<std::int64_t>(random() % 2'000'000'000'000) - 1'000'000'000'000)};
    const Duration off = grid_time(grid_frame(t)) - t;
    EXPECT_LE(std::abs(off.count()), 11) << t.since_start.count();
  }
}

TEST(WalkPlan, ACueGoesFromItsStartToItsEnd) {
  const auto plan = plan_of(walk_of(cue(7, {10s}, 2s, 5s)), {9s});
  ASSERT_EQ(plan.size(), 1U);
  const WalkSpan& span = plan[0];
  EXPECT_EQ(span.begin, 480'000);
  EXPECT_EQ(span.end, 480'000 + 144'000);
  EXPECT_EQ(span.sample_at(480'001), 96'001);
  EXPECT_EQ(span.level_at(480'000), 0) << "cut out of the middle, it does not click";
  EXPECT_EQ(span.level_at(480'240), 1);
  EXPECT_EQ(span.level_at(span.end - 240), 1);
  EXPECT_LT(span.level_at(span.end - 1), 0.01F);
}

TEST(WalkPlan, TheBeginningAndTheEndOfAFileAreAsTheyAre) {
  const auto plan = plan_of(walk_of(cue(7, {10s}, 0s, 60s)), {9s});
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].level_at(plan[0].begin), 1);
  EXPECT_EQ(plan[0].level_at(plan[0].end - 1), 1);
}

TEST(WalkPlan, ALoopGoesRoundFromSampleToSample) {
  auto looped = cue(7, {0s}, 1s, 2s);
  looped.part.loop = true;
  const auto plan = plan_of(walk_of(looped), {1h});
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].sample_at(47'999), 95'999);
  EXPECT_EQ(plan[0].sample_at(48'000), 48'000);
  EXPECT_EQ(plan[0].run_at(48'000 * 3600 + 1), 47'999);
}

TEST(WalkPlan, TheNextCueTakesThePlaceAtItsStart) {
  auto walk = walk_of(cue(7, {10s}, 2s, 50s));
  walk.live.next = cue(8, {20s}, 0s, 5s);
  const auto plan = plan_of(walk, {11s});
  ASSERT_EQ(plan.size(), 2U);
  EXPECT_EQ(plan[0].end, plan[1].begin);
  EXPECT_LT(plan[0].level_at(plan[0].end - 1), 0.01F);
  EXPECT_EQ(plan[1].begin, 960'000);
  EXPECT_EQ(span_from(plan, 960'000)->cue, 8);
  EXPECT_EQ(span_from(plan, 0)->cue, 7);
  EXPECT_EQ(span_from(plan, plan[1].end), nullptr);
}

TEST(WalkPlan, AStopFadesAndTheVolumeIsAsOnPhones) {
  auto stopped = cue(7, {10s}, 2s, 50s);
  stopped.part.volume = 50;
  stopped.stop = WalkStop{{20s}, 1000ms};
  const auto plan = plan_of(walk_of(stopped), {11s});
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].end, 48'000 * 21);
  EXPECT_FLOAT_EQ(plan[0].level_at(48'000 * 19), 0.25F);
  EXPECT_NEAR(plan[0].level_at(48'000 * 20 + 24'000), 0.125F, 1e-5);
  EXPECT_NEAR(plan[0].level_at(48'000 * 21 - 1), 0, 1e-5);
}

// What is planned is what the walk's own arithmetic says.
TEST(WalkPlan, AgreesWithTheWalk) {
  std::mt19937 random(2);
  const auto pick = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  for (int round = 0; round < 500; ++round) {
    auto walk =
        walk_of(cue(1, {Duration(pick(20'000'000))}, Millis(pick(5000)), Millis(5001 + pick(20'000))));
    walk.live.now->part.loop = pick(2) == 0;
    if (pick(2))
      walk.live.next = cue(2, walk.live.now->start + Millis(pick(9000)), Millis(0), Millis(1 + pick(9000)));
    if (pick(2))
      walk.live.now->stop = WalkStop{walk.live.now->start + Millis(pick(9000)), Millis(pick(2000))};
    const ServerTime from = walk.live.now->start + Millis(pick(3000));
    const auto plan = plan_of(walk, from);
    for (int i = 0; i < 50; ++i) {
      const ServerTime t = from + Duration(pick(30'000'000));
      const Frames frame = grid_frame(t);
      const auto heard = heard_at(walk, t);
      const WalkSpan* span = span_from(plan, frame);
      const bool is_heard = span && span->begin <= frame;
      const auto near = [&](Frames edge) { return std::abs(edge - frame) <= 2; };
      if (span && (near(span->begin) || near(span->end))) continue;
      ASSERT_EQ(is_heard, heard.has_value()) << round << " " << t.since_start.count();
      if (!heard) continue;
      ASSERT_EQ(span->cue, heard->cue.id);
      const Duration apart = duration_of(span->sample_at(frame), 48'000) - heard->position;
      const Duration lap = heard->cue.part.b - heard->cue.part.a;
      ASSERT_LE(std::min(std::abs(apart.count()), std::abs(lap.count() - std::abs(apart.count()))), 50);
    }
  }
}

}  // namespace
}  // namespace tutti::player
