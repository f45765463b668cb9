#include "domain/walk_timing.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti {
namespace {

using namespace std::chrono_literals;

ServerTime at(Duration t) { return {t}; }

LiveCue cue(std::int64_t id, Duration start, Millis a = 10s, Millis b = 20s) {
  LiveCue out;
  out.id = id;
  out.part = {"forest", a, b, 100, false};
  out.start = at(start);
  return out;
}

Walk walk_of_three() {
  Walk walk;
  walk.sheet = {{"gate", {"forest", 0s, 5s}, ""},
                {"bridge", {"forest", 10s, 12s, 80, true}, ""},
                {"end", {"sea", 1s, 4s}, ""}};
  return walk;
}

TEST(WalkTiming, ACueIsHeardFromItsStartToItsEnd) {
  const auto c = cue(1, 100s);
  EXPECT_EQ(position_at(c, at(100s - 1us)), std::nullopt);
  EXPECT_EQ(position_at(c, at(100s)), Duration(10s));
  EXPECT_EQ(position_at(c, at(109'999'999us)), Duration(19'999'999us));
  EXPECT_EQ(position_at(c, at(110s)), std::nullopt);
  EXPECT_EQ(end_of(c), at(110s));
}

TEST(WalkTiming, ALoopGoesRoundUntilItIsStopped) {
  auto c = cue(1, 100s);
  c.part.loop = true;
  EXPECT_EQ(position_at(c, at(123s)), Duration(13s));
  EXPECT_EQ(end_of(c), std::nullopt);
  c.stop = WalkStop{at(125s), 500ms};
  EXPECT_EQ(end_of(c), at(125'500ms));
  EXPECT_DOUBLE_EQ(gain_at(c, at(125s)), 1);
  EXPECT_DOUBLE_EQ(gain_at(c, at(125'250ms)), 0.5);
  EXPECT_DOUBLE_EQ(gain_at(c, at(126s)), 0);
  EXPECT_EQ(position_at(c, at(125'499ms)), Duration(15'499ms));
  EXPECT_EQ(position_at(c, at(125'500ms)), std::nullopt);
}

TEST(WalkTiming, ANewCueTakesOverAtItsStart) {
  Walk walk;
  go(walk, cue(1, 1s), at(0s));
  go(walk, cue(2, 5s, 30s, 40s), at(4s));
  EXPECT_EQ(heard_at(walk, at(4'999ms))->position, Duration(13'999ms));
  EXPECT_EQ(heard_at(walk, at(5s))->cue.id, 2);
  EXPECT_EQ(heard_at(walk, at(5s))->position, Duration(30s));
  EXPECT_EQ(heard_at(walk, at(15s)), std::nullopt) << "the first does not come back";
}

TEST(WalkTiming, ACueThatIsAboutToBeginIsNotReplacedBeforeItHas) {
  Walk walk;
  go(walk, cue(1, 2s), at(0s));
  EXPECT_TRUE(can_go(walk, 1s, at(1s)));
  EXPECT_FALSE(can_go(walk, 1s, at(1'001ms)));
  EXPECT_TRUE(can_go(walk, 1s, at(2s)));
}

TEST(WalkTiming, StopTakesBackWhatIsFarEnoughAway) {
  Walk walk;
  go(walk, cue(1, 0s), at(0s));
  go(walk, cue(2, 5s), at(1s));
  Walk late = walk;
  stop(walk, {at(4s), 0ms}, 1s, at(3s));
  EXPECT_EQ(walk.live.next, std::nullopt);
  EXPECT_EQ(heard_at(walk, at(4s)), std::nullopt);
  EXPECT_EQ(heard_at(walk, at(6s)), std::nullopt);

  stop(late, {at(5'500ms), 0ms}, 1s, at(4'500ms));
  EXPECT_EQ(heard_at(late, at(5'400ms))->cue.id, 2) << "some have begun it before they hear of the stop";
  EXPECT_EQ(heard_at(late, at(5'500ms)), std::nullopt);
}

TEST(WalkTiming, AStopThatBeginsSoonerHolds) {
  Walk walk;
  go(walk, cue(1, 0s), at(0s));
  stop(walk, {at(2s), 1s}, 1s, at(1s));
  stop(walk, {at(3s), 3s}, 1s, at(2s));
  EXPECT_EQ(walk.live.now->stop, (WalkStop{at(2s), 1s}));
  stop(walk, {at(1'500ms), 0s}, 1s, at(1s));
  EXPECT_EQ(walk.live.now->stop, (WalkStop{at(1'500ms), 0s}));
}

TEST(WalkTiming, AnArmedSheetRunsOnItsOwn) {
  Walk walk = walk_of_three();
  walk.armed = WalkArmed{at(100s), "gate", 7, "anna"};
  const auto cues = cues_from(walk, at(0s));
  ASSERT_EQ(cues.size(), 3U);
  EXPECT_EQ(cues[1].start, at(105s));
  EXPECT_EQ(cues[1].id, 8);
  EXPECT_EQ(cues[2].start, at(107s)) << "a loop is played once";
  EXPECT_EQ(heard_at(walk, at(106s))->position, Duration(11s));
  EXPECT_EQ(heard_at(walk, at(108s))->cue.part.asset, "sea");
  EXPECT_EQ(heard_at(walk, at(110s)), std::nullopt);
  settle(walk, at(110s));
  EXPECT_EQ(walk.armed, std::nullopt);
}

TEST(WalkTiming, UntilAnArmedSheetBeginsTheLiveCueGoesOn) {
  Walk walk = walk_of_three();
  go(walk, cue(1, 0s), at(0s));
  walk.armed = WalkArmed{at(5s), "bridge", 2, ""};
  EXPECT_EQ(heard_at(walk, at(4'999ms))->cue.id, 1);
  EXPECT_EQ(heard_at(walk, at(5s))->cue.name, "bridge");
  settle(walk, at(6s));
  EXPECT_EQ(walk.live, WalkLive{});
  EXPECT_EQ(heard_at(walk, at(6s))->position, Duration(11s));
}

TEST(WalkTiming, ACueEndsTheRunOfAnArmedSheetAtItsStart) {
  Walk walk = walk_of_three();
  walk.armed = WalkArmed{at(0s), "gate", 2, ""};
  go(walk, cue(9, 3s), at(2s));
  EXPECT_EQ(walk.armed, std::nullopt);
  EXPECT_EQ(heard_at(walk, at(2'999ms))->cue.name, "gate");
  EXPECT_EQ(heard_at(walk, at(3s))->cue.id, 9);
}

TEST(WalkTiming, DisarmedWhatIsHeardGoesOnToItsEnd) {
  Walk walk = walk_of_three();
  walk.armed = WalkArmed{at(0s), "gate", 2, ""};
  disarm(walk, at(2s));
  EXPECT_EQ(heard_at(walk, at(4s))->cue.id, 2);
  EXPECT_EQ(heard_at(walk, at(5s)), std::nullopt);
}

// What phones hear does not jump: whatever conductors do, it changes nothing before everybody knows of it;
// and keeping the state tidy changes nothing at all. The same after a restart.
TEST(WalkTiming, NothingThatConductorsDoIsHeardBeforeEverybodyKnows) {
  std::mt19937 random(7);
  const auto draw = [&](int least, int most) { return std::uniform_int_distribution(least, most)(random); };
  for (int round = 0; round < 200; ++round) {
    Walk walk = walk_of_three();
    ServerTime now = at(0s);
    std::int64_t id = 0;
    for (int step = 0; step < 30; ++step) {
      now = now + Millis(draw(0, 6000));
      const Walk before = walk;
      const Duration lead = Millis(draw(400, 3000));
      const int what = draw(0, 4);
      if (what == 0 && can_go(walk, lead, now)) {
        auto next = cue(++id, (now + lead).since_start, Millis(draw(0, 9000)), Millis(draw(9001, 20000)));
        next.part.loop = draw(0, 3) == 0;
        go(walk, next, now);
      } else if (what == 1) {
        stop(walk, {now + lead, Millis(draw(0, 1000))}, lead, now);
      } else if (what == 2) {
        disarm(walk, now);
      } else if (what == 3 && !walk.armed && can_go(walk, lead, now)) {
        settle(walk, now);
        walk.armed = WalkArmed{now + lead + Millis(draw(0, 3000)), "gate", id + 1, ""};
        id += 3;
      } else {
        settle(walk, now);
        for (Duration later = 0ms; later < 20s; later += 333ms) {
          ASSERT_EQ(heard_at(walk, now + later), heard_at(before, now + later));
        }
      }
      // Disarming is at once: what was to begin within the lead does not.
      const Duration known = what == 2 ? Duration(1us) : lead;
      for (Duration later = 0ms; later < known; later += 97ms) {
        const auto was = heard_at(before, now + later), is = heard_at(walk, now + later);
        if (before.armed && before.armed->start <= now && (!was || was->cue.start > now)) break;
        if (before.armed && before.armed->start > now) break;  // what was to begin is taken back
        ASSERT_EQ(was.has_value(), is.has_value()) << "step " << step << " of round " << round;
        if (!was) continue;
        ASSERT_EQ(was->cue.id, is->cue.id);
        ASSERT_EQ(was->position, is->position);
        ASSERT_DOUBLE_EQ(gain_at(was->cue, now + later), gain_at(is->cue, now + later));
      }
      const Duration other = Millis(draw(-1'000'000, 1'000'000));
      const Walk restarted = shifted(walk, other);
      const auto was = heard_at(walk, now + lead), is = heard_at(restarted, now + lead + other);
      ASSERT_EQ(was.has_value(), is.has_value());
      if (was) {
        ASSERT_EQ(was->position, is->position);
      }
    }
  }
}

}  // namespace
}  // namespace tutti
