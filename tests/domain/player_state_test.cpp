#include "domain/player_state.h"

#include <array>
#include <limits>
#include <random>
#include <utility>

#include <gtest/gtest.h>

namespace tutti {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

DeviceTime at(milliseconds t) { return {1'652'087'347'000ms + t}; }

template <class Change>
PlayerUpdate update_at(milliseconds t, Change change) {
  PlayerUpdate update;
  update.change = std::move(change);
  update.time = at(t);
  return update;
}
PlayerUpdate new_track(std::int64_t id, milliseconds t) {
  NewTrack change;
  change.track_id = id;
  return update_at(t, change);
}
PlayerUpdate on_pause(milliseconds t) { return update_at(t, OnPause{}); }
PlayerUpdate off_pause(milliseconds t) { return update_at(t, OffPause{}); }
PlayerUpdate change_position(milliseconds position, milliseconds t) {
  return update_at(t, ChangePosition{{position, false}});
}

PlayerState must(const std::optional<PlayerState>& state, const PlayerUpdate& update) {
  const auto outcome = apply_update(state, update);
  EXPECT_TRUE(std::holds_alternative<PlayerState>(outcome));
  return std::get<PlayerState>(outcome);
}

TEST(PlayerState, TheScenarioOfTheDocument) {
  PlayerUpdate first = new_track(2, 0s);
  std::get<NewTrack>(first.change).from_is = "playlist";
  std::get<NewTrack>(first.change).from_is_id = 3;
  PlayerState state = must(std::nullopt, first);
  EXPECT_EQ(state.track_id, 2);
  EXPECT_EQ(state.from_is, "playlist");
  EXPECT_EQ(state.from_is_id, 3);
  EXPECT_FALSE(state.on_pause);
  EXPECT_EQ(state.position.value, 0ms);
  EXPECT_EQ(state.position_at(at(10s)), 10s);

  state = must(state, on_pause(15s));
  EXPECT_TRUE(state.on_pause);
  EXPECT_EQ(state.position.value, 15s);
  EXPECT_EQ(state.position_at(at(1h)), 15s) << "a paused track stays where it is";

  state = must(state, off_pause(1h));
  EXPECT_EQ(state.position_at(at(1h + 5s)), 20s);
  state = must(state, change_position(84s, 1h + 6s));
  EXPECT_EQ(state.position_at(at(1h + 7s)), 85s);

  state = must(state, new_track(7, 2h));
  EXPECT_EQ(state.position.value, 0ms);
  EXPECT_EQ(state.from_is, "playlist") << "not said again, so not changed";
  EXPECT_EQ(state.from_is_id, 3);
  EXPECT_EQ(state.revision, 5u);
}

TEST(PlayerState, OnlyANewTrackBegins) {
  for (const auto& update : {on_pause(0s), off_pause(0s), change_position(1s, 0s)}) {
    EXPECT_TRUE(std::holds_alternative<NoTrackState>(apply_update(std::nullopt, update)));
  }
}

TEST(PlayerState, ANewTrackPlaysFromItsPosition) {
  PlayerState state = must(must(std::nullopt, new_track(1, 0s)), on_pause(3s));
  PlayerUpdate resumed = new_track(2, 5s);
  std::get<NewTrack>(resumed.change).position = {30s, false};
  state = must(state, resumed);
  EXPECT_FALSE(state.on_pause);
  EXPECT_EQ(state.position.value, 30s);
}

TEST(PlayerState, AnEarlierClockCountsAsNoTimeAndIsApplied) {
  PlayerState state = must(must(std::nullopt, new_track(1, 0s)), change_position(10s, 100s));
  state = must(state, on_pause(95s));
  EXPECT_TRUE(state.on_pause);
  EXPECT_EQ(state.position.value, 10s);
  state = must(state, off_pause(96s));
  EXPECT_EQ(state.position_at(at(98s)), 12s) << "goes on by the clock of who pressed last";
}

TEST(PlayerState, StopsAtTheTracksEnd) {
  PlayerUpdate update = new_track(1, 0s);
  std::get<NewTrack>(update.change).track_length = 200s;
  PlayerState state = must(std::nullopt, update);
  EXPECT_EQ(state.position_at(at(10h)), 200s);
  EXPECT_EQ(must(state, on_pause(10h)).position.value, 200s);
  EXPECT_EQ(must(state, change_position(10h, 1s)).position.value, 200s);
  EXPECT_EQ(must(state, new_track(2, 10h)).track_length, std::nullopt) << "another track, another length";
}

TEST(PlayerState, AnotherThatCameFirstIsNotOverwritten) {
  PlayerUpdate first = new_track(1, 0s);
  first.if_revision = 0;
  const PlayerState state = must(std::nullopt, first);
  EXPECT_TRUE(std::holds_alternative<StaleRevision>(apply_update(state, first)));
  PlayerUpdate pause = on_pause(1s);
  pause.if_revision = state.revision;
  const PlayerState paused = must(state, pause);
  EXPECT_TRUE(std::holds_alternative<StaleRevision>(apply_update(paused, pause)));
  EXPECT_TRUE(std::holds_alternative<StaleRevision>(apply_update(std::nullopt, pause)));
}

TEST(PlayerState, LossIsDatedByTheDevicesOwnClock) {
  const auto wall = [](milliseconds t) { return WallTime{Duration(at(t).since_unix_epoch)}; };
  PlayerUpdate update = new_track(1, 0s);
  update.accepted_at = wall(10s);  // it was ten seconds on its way
  EXPECT_EQ(time_of_loss(must(std::nullopt, update), wall(60s)), at(60s));
  update.accepted_at = wall(24h * 1000);  // a clock that is years behind
  EXPECT_EQ(time_of_loss(must(std::nullopt, update), wall(24h * 1000 + 5s)), at(5s));
  update.accepted_at = wall(-24h * 1000);  // years ahead
  EXPECT_EQ(time_of_loss(must(std::nullopt, update), wall(-24h * 1000 + 5s)), at(5s));
  update.accepted_at = {};
  EXPECT_EQ(time_of_loss(must(std::nullopt, update), wall(60s)), at(60s));
}

// Any sequence of any messages with any clocks.
class Chaos {
 public:
  explicit Chaos(unsigned seed) : random_(seed) {}

  milliseconds any_span() {
    constexpr std::array<std::int64_t, 8> kEdges = {0,
                                                    1,
                                                    -1,
                                                    1000,
                                                    std::numeric_limits<std::int64_t>::max(),
                                                    std::numeric_limits<std::int64_t>::min(),
                                                    1LL << 53,
                                                    -(1LL << 53)};
    if (random_() % 4 == 0) return milliseconds(kEdges[random_() % kEdges.size()]);
    const auto wide = static_cast<std::int64_t>(random_());
    return milliseconds(random_() % 2 == 0 ? wide : wide % 1'000'000);
  }

  std::optional<milliseconds> any_length() {
    if (random_() % 2 == 0) return std::nullopt;
    return any_span();
  }

  PlayerUpdate any_update(std::uint64_t revision) {
    PlayerUpdate update;
    update.time = {any_span()};
    update.accepted_at = {Duration(any_span().count())};
    const PlayerPosition position{any_span(), random_() % 2 == 0};
    switch (random_() % 4) {
      case 0:
        update.change = NewTrack{static_cast<std::int64_t>(random_()),
                                 std::nullopt,
                                 std::nullopt,
                                 position,
                                 any_length(),
                                 random_() % 4 == 0};
        break;
      case 1:
        update.change = OnPause{};
        break;
      case 2:
        update.change = OffPause{};
        break;
      default:
        update.change = ChangePosition{position};
    }
    if (random_() % 8 == 0) update.if_revision = revision + random_() % 2;
    return update;
  }

 private:
  std::mt19937_64 random_;
};

bool is_lawful(const PlayerState& state, milliseconds position) {
  if (position < 0ms) return false;
  return !state.track_length || position <= std::max(*state.track_length, 0ms);
}

void check_law(const std::optional<PlayerState>& before, const PlayerUpdate& update,
               const PlayerState& after) {
  ASSERT_EQ(after.revision, (before ? before->revision : 0) + 1);
  ASSERT_TRUE(is_lawful(after, after.position.value));
  const bool pauses = std::holds_alternative<OnPause>(update.change);
  if (before && pauses && before->on_pause) {
    PlayerState same = after;
    same.revision = before->revision;
    ASSERT_EQ(same, *before) << "a second pause changes nothing";
    return;
  }
  if (pauses) {
    ASSERT_TRUE(after.on_pause);
    ASSERT_EQ(after.position.value, before->position_at(update.time));
    ASSERT_GE(after.position.value, before->position.value) << "elapsed time is never negative";
  }
  if (std::holds_alternative<OffPause>(update.change)) {
    ASSERT_FALSE(after.on_pause);
    ASSERT_EQ(after.position, before->position);
  }
  if (const auto* change = std::get_if<ChangePosition>(&update.change)) {
    ASSERT_EQ(after.on_pause, before->on_pause);
    ASSERT_LE(after.position.value, std::max(change->position.value, 0ms));
  }
  if (const auto* change = std::get_if<NewTrack>(&update.change)) {
    ASSERT_EQ(after.track_id, change->track_id);
    ASSERT_EQ(after.on_pause, change->on_pause);
  }
}

TEST(PlayerState, AnyMessagesWithAnyClocksLeaveALawfulState) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Chaos chaos(seed);
    std::optional<PlayerState> state;
    for (int i = 0; i < 300; ++i) {
      const PlayerUpdate update = chaos.any_update(state ? state->revision : 0);
      const auto outcome = apply_update(state, update);
      if (const auto* next = std::get_if<PlayerState>(&outcome)) {
        ASSERT_NO_FATAL_FAILURE(check_law(state, update, *next)) << "seed " << seed << " at " << i;
        state = *next;
      } else if (std::holds_alternative<NoTrackState>(outcome)) {
        ASSERT_FALSE(state);
      } else {
        ASSERT_TRUE(update.if_revision && *update.if_revision != (state ? state->revision : 0));
      }
      if (!state) continue;
      const DeviceTime t{chaos.any_span()}, later{chaos.any_span()};
      ASSERT_TRUE(is_lawful(*state, state->position_at(t)));
      ASSERT_EQ(state->position_at(std::min(t, later)) <= state->position_at(std::max(t, later)), true);
      const DeviceTime lost = time_of_loss(*state, {Duration(chaos.any_span().count())});
      ASSERT_TRUE(is_lawful(*state, state->position_at(lost)));
    }
  }
}

}  // namespace
}  // namespace tutti
