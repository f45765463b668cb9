#include "tests/app/group_world.h"

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

// Keeps what it is told.
struct FakeClient : GroupClient {
  std::vector<GroupView> groups;
  std::vector<NowPlayingPtr> playing;
  std::vector<GroupControls> controls;
  std::vector<int> volumes;
  std::vector<bool> mutes;
  bool is_replaced = false;

  void on_group(const GroupView& group) override { groups.push_back(group); }
  void on_now_playing(const NowPlayingPtr& now) override { playing.push_back(now); }
  void on_controls(const GroupControls& told) override { controls.push_back(told); }
  void set_volume(int volume) override { volumes.push_back(volume); }
  void set_mute(bool is_muted) override { mutes.push_back(is_muted); }
  void on_artwork(int, const ArtworkPtr&, ServerTime) override {}
  void on_replaced() override { is_replaced = true; }
};

class GroupServiceTest : public testing::Test, protected GroupWorld {
 protected:
  GroupServiceTest() {
    fill({"/m", "/h"});
    stations.open({{"/", {"/m"}, Rotation::Order::by_path}, {"/humor", {"/h"}, Rotation::Order::by_path}}, {},
                  now);
    open();
  }

  struct Joined {
    MemberId id;
    std::shared_ptr<FakeClient> client;
  };
  Joined join(const std::string& id, std::optional<int> volume = 50,
              std::optional<std::string> route = std::nullopt, bool is_operator = false) {
    auto client = std::make_shared<FakeClient>();
    const MemberId member =
        service->connect({id, id, true, true, true, is_operator, std::move(route)}, client, now);
    service->update(member, {volume, false, false}, now);
    return {member, client};
  }
};

TEST_F(GroupServiceTest, APlayerIsTakenToTheStationItAskedFor) {
  EXPECT_EQ(join("a").client->groups.back(), (GroupView{0, "/", "main", true}));
  EXPECT_EQ(join("b", 50, "/humor").client->groups.back(), (GroupView{1, "/humor", "humor", true}));
  EXPECT_EQ(join("c", 50, "/nowhere").client->groups.back().id, "/");
  EXPECT_EQ(stations.view("/", now, 0, 0)->listeners, 2u) << "players are listeners of the station";
}

TEST_F(GroupServiceTest, AClientThatComesAgainFindsItsGroupAndVolume) {
  const auto first = join("a", 50, "/humor");
  service->set_volume(first.id, 20);
  EXPECT_EQ(first.client->volumes, std::vector{20});
  pass(1s);
  service->disconnect(first.id, now);
  open();
  const auto again = join("a", 100);
  EXPECT_EQ(again.client->groups.back().id, "/humor");
  EXPECT_EQ(again.client->volumes, std::vector{20}) << "it came with 100";
  EXPECT_EQ(join("b", 100).client->volumes, std::vector<int>{}) << "nothing is known of it";
}

TEST_F(GroupServiceTest, ASecondConnectionOfAClientReplacesTheFirst) {
  const auto first = join("a");
  const auto second = join("a");
  EXPECT_TRUE(first.client->is_replaced);
  EXPECT_EQ(service->members(), 1u);
  service->disconnect(first.id, now);
  EXPECT_EQ(service->members(), 1u) << "the old one's end is none of the new one's";
  service->disconnect(second.id, now);
  EXPECT_EQ(service->members(), 0u);
}

TEST_F(GroupServiceTest, TheGroupsVolumeIsSharedOut) {
  const auto a = join("a", 20), b = join("b", 40);
  const auto other = join("c", 90, "/humor");
  pass(200ms);
  EXPECT_EQ(a.client->controls.back(), (GroupControls{GroupRights::volume, 30, false}));
  service->set_volume(a.id, 50);
  EXPECT_EQ(a.client->volumes, std::vector{40});
  EXPECT_EQ(b.client->volumes, std::vector{60});
  EXPECT_TRUE(other.client->volumes.empty());
  pass(200ms);
  EXPECT_EQ(b.client->controls.back().volume, 50);
  service->set_mute(b.id, true);
  EXPECT_EQ(a.client->mutes, std::vector{true});
  pass(200ms);
  EXPECT_TRUE(a.client->controls.back().is_muted);
  service->update(b.id, {60, false, false}, now);
  pass(200ms);
  EXPECT_FALSE(a.client->controls.back().is_muted) << "only where all are";
}

TEST_F(GroupServiceTest, SwitchGoesRoundTheStationsAndAGroupOfItsOwn) {
  const auto a = join("a");
  service->switch_group(a.id, now);
  EXPECT_EQ(a.client->groups.back().id, "/humor");
  service->switch_group(a.id, now);
  EXPECT_EQ(a.client->groups.back().id, "private-1");
  EXPECT_FALSE(a.client->groups.back().is_playing);
  service->switch_group(a.id, now);
  EXPECT_EQ(a.client->groups.back().id, "/");
}

TEST_F(GroupServiceTest, WhoIsElsewhereIsApartUntilItSwitchesBack) {
  const auto a = join("a", 50, "/humor");
  service->update(a.id, {50, false, true}, now);
  EXPECT_FALSE(a.client->groups.back().is_playing);
  EXPECT_FALSE(a.client->playing.back()->is_moving);
  service->update(a.id, {50, false, false}, now);
  EXPECT_FALSE(a.client->groups.back().is_playing);
  service->switch_group(a.id, now);
  EXPECT_EQ(a.client->groups.back().id, "/humor") << "the previous group comes first";
}

TEST_F(GroupServiceTest, OnlyAnOperatorSkips) {
  const auto a = join("a");
  const auto chief = join("chief", 50, "/", true);
  EXPECT_EQ(chief.client->controls.back().rights, GroupRights::skip);
  EXPECT_EQ(a.client->controls.back().rights, GroupRights::volume);
  const auto first = a.client->playing.back();
  service->act(a.id, GroupAction::next, now);
  pass(1s);
  EXPECT_EQ(a.client->playing.back(), first);
  service->act(chief.id, GroupAction::next, now);
  pass(3s);
  EXPECT_NE(a.client->playing.back()->title, first->title);
}

TEST_F(GroupServiceTest, TellsOfATrackWhenItIsHeard) {
  const auto a = join("a");
  const auto first = a.client->playing.back();
  ASSERT_TRUE(first->has_track);
  EXPECT_LE(first->at, now);
  EXPECT_EQ(first->position, 0ms);
  const ServerTime ends = first->at + first->duration;
  while (a.client->playing.back() == first) pass(200ms);
  EXPECT_GE(now, ends);
  EXPECT_LE(now, ends + 400ms);
  EXPECT_LE(a.client->playing.back()->at - ends, 1ms);
  EXPECT_EQ(a.client->playing.size(), 2u) << "and nothing in between";
}

TEST_F(GroupServiceTest, AudioIsMadeOncePerFormatWhileSomebodyHearsIt) {
  const SyncId pcm{0, player_encoding(Encoding::Codec::pcm, 48000, 2, 16).value()};
  const SyncId flac{0, player_encoding(Encoding::Codec::flac, 48000, 2, 16).value()};
  service->tune_in(pcm, 0, now);
  service->tune_in(pcm, 1, now);
  service->tune_in(flac, 0, now);
  EXPECT_EQ(producers.started.size(), 2u);
  pass(3s);
  const auto& packets = sync_audience.packets[pcm];
  ASSERT_FALSE(packets.empty());
  EXPECT_GT(packets.front()->at, ServerTime{10s}) << "nothing of the past";
  service->leave(pcm, 0, now);
  service->leave(pcm, 1, now);
  pass(10s);
  EXPECT_TRUE(producers.started[0].stopped);
  EXPECT_FALSE(producers.started[1].stopped);
}

TEST_F(GroupServiceTest, ManyFormatsAtOnceAreRefused) {
  for (int i = 0; i < 40; ++i) {
    service->tune_in({0, player_encoding(Encoding::Codec::pcm, 8000 + i, 2, 16).value()}, 0, now);
  }
  EXPECT_EQ(producers.started.size(), SyncBroadcasts::kMost);
  EXPECT_EQ(sync_audience.refused.size(), 40 - SyncBroadcasts::kMost);
  service->tune_in({99, player_encoding(Encoding::Codec::pcm, 48000, 2, 16).value()}, 0, now);
  EXPECT_EQ(sync_audience.refused.size(), 41 - SyncBroadcasts::kMost) << "no such group";
}

}  // namespace
}  // namespace tutti::app
