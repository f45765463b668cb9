#include "tests/app/group_world.h"

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

struct HeardClient : GroupClient {
  GroupView group;
  NowPlayingPtr playing;
  GroupControls controls;
  std::set<std::uint32_t> timelines;
  int volume = -1;

  void on_group(const GroupView& view) override {
    group = view;
    timelines.insert(view.index);
  }
  void on_now_playing(const NowPlayingPtr& now) override { playing = now; }
  void on_controls(const GroupControls& told) override { controls = told; }
  void set_volume(int wanted) override { volume = wanted; }
  void set_mute(bool) override {}
  void on_artwork(int, const ArtworkPtr&, ServerTime) override {}
  void on_replaced() override {}
};

class PrivateGroupsTest : public testing::Test, protected GroupWorld {
 protected:
  PrivateGroupsTest() {
    fill({"/m"});
    stations.open({{"/", {"/m"}, Rotation::Order::by_path}}, {}, now);
    open();
  }

  static std::string path(int i) { return GroupWorld::path("/m", i); }

  struct Joined {
    MemberId id;
    std::shared_ptr<HeardClient> client;
  };
  Joined join(const std::string& id, bool wants_solo = false, bool is_player = true) {
    auto client = std::make_shared<HeardClient>();
    const MemberId member = service->connect(
        {id, id, is_player, is_player, is_player, false, std::nullopt, wants_solo}, client, now);
    service->update(member, {50, false, false}, now);
    return {member, client};
  }
  static ServerTime began(const NowPlayingPtr& playing) { return playing->at - playing->position; }
  SyncId pcm(const Joined& of) const {
    return {of.client->group.index, player_encoding(Encoding::Codec::pcm, 44100, 2, 16).value()};
  }
};

TEST_F(PrivateGroupsTest, AGroupOfItsOwnPlaysTheLibraryAsItsMemberWants) {
  const auto a = join("a", true);
  EXPECT_EQ(a.client->group.name, "a");
  EXPECT_FALSE(a.client->group.is_playing);
  EXPECT_EQ(a.client->controls.rights, GroupRights::everything);
  ASSERT_TRUE(a.client->playing->has_track);
  EXPECT_EQ(a.client->playing->title, "0");
  EXPECT_FALSE(a.client->playing->is_moving);

  service->act(a.id, GroupAction::play, now);
  EXPECT_TRUE(a.client->group.is_playing);
  EXPECT_TRUE(a.client->playing->is_moving);
  EXPECT_EQ(began(a.client->playing), now + PrivateTimeline::kNotice);

  pass(10s);
  service->act(a.id, GroupAction::pause, now);
  EXPECT_FALSE(a.client->group.is_playing);
  EXPECT_FALSE(a.client->playing->is_moving);
  EXPECT_EQ(a.client->playing->position, 9500ms);

  service->act(a.id, GroupAction::repeat_one, now);
  EXPECT_EQ(a.client->playing->repeat, PrivateTimeline::Repeat::one);
  service->act(a.id, GroupAction::shuffle, now);
  EXPECT_TRUE(a.client->playing->is_shuffled);
  service->act(a.id, GroupAction::unshuffle, now);
  service->act(a.id, GroupAction::next, now);
  EXPECT_EQ(a.client->playing->title, "1");
  EXPECT_EQ(a.client->playing->position, 0ms);
}

TEST_F(PrivateGroupsTest, AudioIsMadeOfWhatPlaysAndOnlyWhileItDoes) {
  const auto a = join("a", true);
  service->tune_in(pcm(a), 0, now);
  EXPECT_EQ(sync_audience.refused.size(), 1u) << "nothing plays";
  service->act(a.id, GroupAction::play, now);
  service->tune_in(pcm(a), 0, now);
  ASSERT_EQ(producers.started.size(), 1u);
  const auto& first = producers.started.front();
  EXPECT_EQ(first.clock.epoch, now + PrivateTimeline::kNotice);
  pass(3s);
  ASSERT_FALSE(first.orders.empty());
  EXPECT_EQ(first.orders.back().segments.front().path, path(0));
  EXPECT_EQ(first.orders.back().segments.front().first, 0);

  const auto before = pcm(a);
  service->act(a.id, GroupAction::next, now);
  EXPECT_NE(pcm(a), before) << "another timeline";
  EXPECT_EQ(a.client->group.id, "private-1") << "of the same group";
  EXPECT_TRUE(first.stopped) << "nobody hears it any more";
  service->tune_in(pcm(a), 0, now);
  ASSERT_EQ(producers.started.size(), 2u);
  EXPECT_EQ(producers.started.back().orders.front().segments.front().path, path(1));
  service->act(a.id, GroupAction::pause, now);
  EXPECT_TRUE(producers.started.back().stopped);
}

TEST_F(PrivateGroupsTest, OthersJoinBySwitchingAndMayDoEverything) {
  const auto a = join("a", true), b = join("b");
  service->switch_group(b.id, now);
  EXPECT_EQ(b.client->group.id, "private-2") << "a's does not play";
  service->act(a.id, GroupAction::play, now);
  pass(1s);
  service->switch_group(b.id, now);
  EXPECT_EQ(b.client->group.id, "/");
  service->switch_group(b.id, now);
  EXPECT_EQ(b.client->group, a.client->group);
  EXPECT_EQ(b.client->playing, a.client->playing);
  service->act(b.id, GroupAction::next, now);
  EXPECT_EQ(a.client->playing->title, "1");
  EXPECT_EQ(a.client->group, b.client->group);

  // What the others still hear is theirs.
  service->switch_group(a.id, now);
  EXPECT_EQ(a.client->group.id, "private-3");
  EXPECT_TRUE(b.client->group.is_playing);
  service->switch_group(b.id, now);
  EXPECT_EQ(b.client->group.id, "/") << "it is b's own now, and b was alone in it";
  service->switch_group(b.id, now);
  EXPECT_EQ(b.client->group.id, "private-1");
}

TEST_F(PrivateGroupsTest, AClientWithoutAPlayerIsNotLeftAlone) {
  const auto remote = join("remote", false, false);
  service->switch_group(remote.id, now);
  EXPECT_EQ(remote.client->group.id, "/");
  const auto a = join("a", true);
  service->act(a.id, GroupAction::play, now);
  service->switch_group(remote.id, now);
  EXPECT_EQ(remote.client->group, a.client->group);
  service->act(remote.id, GroupAction::pause, now);
  EXPECT_FALSE(a.client->group.is_playing);
}

TEST_F(PrivateGroupsTest, WhoIsUsedBySomethingElsePauses) {
  const auto a = join("a", true);
  service->act(a.id, GroupAction::play, now);
  pass(5s);
  service->update(a.id, {50, false, true}, now);
  EXPECT_FALSE(a.client->group.is_playing);
  EXPECT_EQ(a.client->group.id, "private-1");
  EXPECT_EQ(a.client->playing->position, 4500ms);

  const auto b = join("b");
  service->update(b.id, {50, false, true}, now);
  EXPECT_EQ(b.client->group.id, "private-2");
  EXPECT_FALSE(b.client->group.is_playing);
  service->switch_group(b.id, now);
  EXPECT_EQ(b.client->group.id, "/") << "where it was before";
}

TEST_F(PrivateGroupsTest, AShortLossIsNotHeardAndALongOneDoesNotPlayToNobody) {
  auto a = join("a", true);
  service->act(a.id, GroupAction::play, now);
  pass(5s);
  const auto start = began(a.client->playing);
  service->disconnect(a.id, now);
  pass(10s);
  a = join("a");
  EXPECT_TRUE(a.client->group.is_playing);
  EXPECT_EQ(began(a.client->playing), start);
  const ServerTime left = now;
  service->disconnect(a.id, now);
  pass(60s);
  a = join("a");
  EXPECT_FALSE(a.client->group.is_playing);
  EXPECT_EQ(a.client->playing->position, std::chrono::floor<std::chrono::milliseconds>(left - start));
}

TEST_F(PrivateGroupsTest, WhoSaysGoodbyeLeavesAtOnceAndFindsEverythingAsItWas) {
  auto a = join("a", true);
  service->act(a.id, GroupAction::play, now);
  service->set_volume(a.id, 30);
  pass(5s);
  service->depart(a.id, now);
  EXPECT_TRUE(producers.started.empty() || producers.started.back().stopped);
  pass(1s);
  a = join("a");
  EXPECT_EQ(a.client->group.id, "private-1");
  EXPECT_FALSE(a.client->group.is_playing);
  EXPECT_EQ(a.client->playing->position, 4500ms);
  EXPECT_EQ(a.client->volume, 30);

  const auto b = join("b");
  service->act(a.id, GroupAction::play, now);
  pass(1s);
  service->switch_group(b.id, now);
  ASSERT_EQ(b.client->group, a.client->group);
  service->depart(b.id, now);
  EXPECT_TRUE(a.client->group.is_playing) << "a still hears it";
}

TEST_F(PrivateGroupsTest, WhoComesBackToItsOwnGroupFindsThoseWhoJoinedIt) {
  auto a = join("a", true);
  auto b = join("b");
  service->act(a.id, GroupAction::play, now);
  pass(1s);
  service->switch_group(b.id, now);
  ASSERT_EQ(b.client->group.id, "private-1");
  service->disconnect(a.id, now);
  a = join("a", true);
  EXPECT_EQ(a.client->group, b.client->group);
  pass(1s);
  open();
  b = join("b");
  a = join("a", true);
  EXPECT_EQ(a.client->group.id, "private-1");
  EXPECT_EQ(a.client->group, b.client->group) << "whoever comes first after a restart";
}

TEST_F(PrivateGroupsTest, WhoGoesToAnotherGroupPausesItsOwn) {
  const auto a = join("a", true);
  service->act(a.id, GroupAction::play, now);
  pass(5s);
  service->switch_group(a.id, now);
  EXPECT_EQ(a.client->group.id, "/");
  pass(5s);
  service->switch_group(a.id, now);
  EXPECT_EQ(a.client->group.id, "private-1");
  EXPECT_FALSE(a.client->group.is_playing);
  EXPECT_EQ(a.client->playing->position, 4500ms);
}

TEST_F(PrivateGroupsTest, ARestartGoesOn) {
  auto a = join("a", true);
  ASSERT_TRUE(service->arrange(a.client->group.id, {{{TrackId{3}, TrackId{1}}}, {}, {}, {}, {}, true}, now));
  service->act(a.id, GroupAction::repeat_all, now);
  pass(5s);
  const auto start = began(a.client->playing);
  ASSERT_EQ(a.client->playing->title, "2");
  service->tick(now);
  // Ten seconds without a server.
  open();
  now = now + 10s;
  open();
  a = join("a");
  EXPECT_TRUE(a.client->group.is_playing);
  EXPECT_EQ(a.client->playing->title, "2");
  EXPECT_LT(began(a.client->playing) - start, 1ms);
  EXPECT_EQ(a.client->playing->repeat, PrivateTimeline::Repeat::all);
  // Longer than somebody waits for it; the place is stored now and then.
  pass(11s);
  now = now + 5min;
  open();
  a = join("a");
  EXPECT_FALSE(a.client->group.is_playing);
  EXPECT_GE(a.client->playing->position, 15s);
  service->act(a.id, GroupAction::next, now);
  EXPECT_EQ(a.client->playing->title, "0");
}

// Half a sample would be heard as a step, by who plays on through it.
TEST_F(PrivateGroupsTest, ARestartMovesItsSoundByNoPartOfASample) {
  auto a = join("a", true);
  service->act(a.id, GroupAction::play, now);
  service->tune_in(pcm(a), 0, now);
  const ServerTime began = producers.started.back().clock.epoch;
  for (int restarts = 1; restarts <= 10; ++restarts) {
    pass(1s);
    now = now + 7us;
    service->stop(now);
    open();
    a = join("a");
    service->tune_in(pcm(a), 0, now);
    const Duration moved = producers.started.back().clock.epoch - began;
    EXPECT_LE(std::chrono::abs(moved), 1us * restarts);
  }
}

TEST_F(PrivateGroupsTest, AnAppChoosesTracksAndPlaces) {
  const auto a = join("a", true);
  const std::string id = a.client->group.id;
  GroupWish wish;
  wish.tracks = {TrackId{3}, TrackId{2}, TrackId{3}};
  wish.position = 30s;
  wish.is_playing = true;
  ASSERT_TRUE(service->arrange(id, wish, now));
  EXPECT_EQ(a.client->playing->title, "2");
  EXPECT_EQ(began(a.client->playing), now + PrivateTimeline::kNotice - 30s);
  pass(75s);
  EXPECT_EQ(a.client->playing->title, "1");
  pass(102s);
  EXPECT_FALSE(a.client->group.is_playing) << "that was the last";
  const auto seen = service->group(id, now);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->tracks, (std::vector{TrackId{3}, TrackId{2}}));
  EXPECT_EQ(seen->members.size(), 1u);
  EXPECT_FALSE(service->arrange("/", {}, now)) << "a station";
  EXPECT_FALSE(service->arrange("private-99", {}, now));
  EXPECT_FALSE(service->arrange(id, {{{TrackId{77}}}, {}, {}, {}, {}, {}}, now)) << "no such track";
  EXPECT_EQ(service->groups(now).size(), 2u);
}

TEST_F(PrivateGroupsTest, WhatLeavesTheLibraryIsPassedOver) {
  const auto a = join("a", true);
  service->act(a.id, GroupAction::play, now);
  pass(5s);
  scanner.files.erase(path(0));
  library.rescan("/m");
  scanner.answer_all();
  pass(3s);
  EXPECT_EQ(a.client->playing->title, "1");
  EXPECT_TRUE(a.client->group.is_playing);
}

// Over and over it would be thousands of segments a second.
TEST_F(PrivateGroupsTest, WhatIsTooShortToBeHeardIsNotPlayedWhenItIsChosen) {
  scanner.add(path(3), 441);
  library.rescan("/m");
  scanner.answer_all();
  const auto a = join("a", true);
  ASSERT_TRUE(service->arrange(a.client->group.id, {{{TrackId{4}, TrackId{2}}}, {}, {}, {}, {}, true}, now));
  EXPECT_TRUE(a.client->group.is_playing);
  EXPECT_EQ(a.client->playing->title, "1");
}

TEST_F(PrivateGroupsTest, AFileThatCannotBePlayedIsPassedOver) {
  const auto a = join("a", true);
  service->act(a.id, GroupAction::play, now);
  service->tune_in(pcm(a), 0, now);
  const auto segment = producers.started.back().orders.front().segments.front();
  producers.started.back().events.failed(segment, Error{"broken"});
  pass(1s);
  EXPECT_EQ(a.client->playing->title, "1");
}

TEST_F(PrivateGroupsTest, GroupsThatNobodyIsInAreForgottenInTime) {
  const auto kept = join("kept", true);
  service->act(kept.id, GroupAction::shuffle, now);
  service->disconnect(kept.id, now);
  for (int i = 0; i < 1200; ++i) {
    const auto each = join("client " + std::to_string(i), true);
    service->disconnect(each.id, now);
    if (i % 100 == 0) pass(200ms);
  }
  pass(400ms);
  EXPECT_LE(store.groups.size(), PrivateGroups::kMostIdle);
  EXPECT_GE(store.groups.size(), PrivateGroups::kMostIdle / 2);
  EXPECT_TRUE(store.groups.contains("private-1")) << "somebody has done something with it";
}

}  // namespace
}  // namespace tutti::app
