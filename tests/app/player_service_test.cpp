#include "app/player_service.h"

#include "tests/fakes/fake_player_store.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

constexpr WallTime kNow{1'700'000'000s};
const std::string kUser = "anna";

std::string word(const std::optional<PlayerState>& state) {
  if (!state) return "none";
  return "state " + std::to_string(state->revision) + (state->on_pause ? " paused " : " playing ") +
         std::to_string(state->track_id);
}

class FakeDevice : public PlayerDevice {
 public:
  Words heard;
  void on_update(const TextPtr& text) override { heard.push_back(*text); }
  void on_state(const std::optional<PlayerState>& state) override { heard.push_back(word(state)); }
  void on_error(const std::string& why) override { heard.push_back("error: " + why); }
  Words take() { return std::exchange(heard, {}); }
};

PlayerUpdate new_track(std::int64_t id, std::optional<std::uint64_t> if_revision = std::nullopt) {
  PlayerUpdate update;
  NewTrack change;
  change.track_id = id;
  update.change = change;
  update.time = {std::chrono::floor<std::chrono::milliseconds>(kNow.since_unix_epoch)};
  update.if_revision = if_revision;
  return update;
}
PlayerUpdate pause() {
  PlayerUpdate update = new_track(0);
  update.change = OnPause{};
  update.time.since_unix_epoch += 5s;
  return update;
}

class PlayerServiceTest : public testing::Test {
 protected:
  PlayerServiceTest() {
    store_.open(service_, nullptr);
    other_store_.open(other_, nullptr);
  }
  struct Member {
    std::shared_ptr<FakeDevice> device = std::make_shared<FakeDevice>();
    DeviceId id;
  };
  static std::optional<std::chrono::milliseconds> length(std::int64_t id) {
    return id == 200 ? std::optional<std::chrono::milliseconds>(3s) : std::nullopt;
  }
  Member join(PlayerService& service) {
    Member member;
    const auto id = service.connect(kUser, member.device);
    EXPECT_TRUE(id) << id.error().message;
    if (id) member.id = *id;
    return member;
  }
  Member join() { return join(service_); }
  void send(const Member& member, PlayerUpdate update, const std::string& text) {
    service_.update(member.id, std::move(update), text, kNow);
  }
  void settle() {
    while (store_.step() || other_store_.step()) {
    }
  }
  void tick(PlayerService& service, int times = 3) {
    for (int i = 0; i < times; ++i) service.tick(now_ = now_ + Duration(1s));
  }

  fakes::FakePlayerBackend backend_;
  fakes::FakePlayerStore store_{backend_}, other_store_{backend_};
  PlayerService service_{{1}, store_, length};
  PlayerService other_{{2}, other_store_, length};
  ServerTime now_;
};

TEST_F(PlayerServiceTest, OthersGetItVerbatimWhenItIsStoredAndTheSenderNothing) {
  const Member phone = join(), laptop = join();
  settle();
  EXPECT_EQ(phone.device->take(), Words{"none"});
  EXPECT_EQ(laptop.device->take(), Words{"none"});
  send(phone, new_track(7), "{ verbatim }");
  EXPECT_TRUE(laptop.device->heard.empty()) << "not before it is durable";
  settle();
  EXPECT_EQ(laptop.device->take(), Words{"{ verbatim }"});
  EXPECT_TRUE(phone.device->heard.empty());
  EXPECT_EQ(backend_.states.at(kUser).track_id, 7);
  EXPECT_EQ(backend_.states.at(kUser).accepted_at, kNow);
}

TEST_F(PlayerServiceTest, OneWhoComesInTheMiddleGetsTheStateAndThenWhatFollows) {
  const Member phone = join();
  settle();
  send(phone, new_track(1), "one");
  const Member early = join();  // one is on its way
  settle();
  send(phone, new_track(2), "two");
  settle();
  const Member late = join();
  send(phone, new_track(3), "three");
  settle();
  EXPECT_EQ(early.device->take(), (Words{"state 1 playing 1", "two", "three"}))
      << "one was sent before it came";
  EXPECT_EQ(late.device->take(), (Words{"state 2 playing 2", "three"}));
}

TEST_F(PlayerServiceTest, UpdatesThatComeBeforeTheStateIsLoadedWait) {
  const Member phone = join(), laptop = join();
  send(phone, new_track(1), "one");
  send(phone, pause(), "two");
  settle();
  EXPECT_EQ(phone.device->take(), Words{"none"});
  EXPECT_EQ(laptop.device->take(), (Words{"none", "one", "two"}));
}

TEST_F(PlayerServiceTest, WhatCannotBeAppliedIsAnsweredToTheSenderOnly) {
  const Member phone = join(), laptop = join();
  send(phone, pause(), "pause");
  settle();
  EXPECT_EQ(phone.device->take(), (Words{"none", "none"}));
  send(phone, new_track(1), "one");
  send(phone, new_track(2, 0), "too late");
  send(phone, new_track(3, 1), "in time");
  settle();
  EXPECT_EQ(phone.device->take(), Words{"state 1 playing 1"});
  EXPECT_EQ(laptop.device->take(), (Words{"none", "one", "in time"}));
}

TEST_F(PlayerServiceTest, WhatCannotBeStoredIsRefusedAndNotForwarded) {
  const Member phone = join(), laptop = join();
  send(phone, new_track(1), "one");
  settle();
  (void)phone.device->take(), (void)laptop.device->take();
  backend_.is_down = true;
  send(phone, new_track(2), "two");
  send(phone, new_track(3), "three");
  settle();
  EXPECT_EQ(phone.device->take(), (Words{"error: the store is down", "error: the store is down"}));
  EXPECT_TRUE(laptop.device->heard.empty());
  backend_.is_down = false;
  send(phone, new_track(4), "four");
  settle();
  EXPECT_TRUE(phone.device->heard.empty());
  EXPECT_EQ(laptop.device->take(), Words{"four"});
  EXPECT_EQ(backend_.states.at(kUser).revision, 2u);
}

TEST_F(PlayerServiceTest, DevicesThatComeWhileTheStoreIsDownGetTheStateWhenItIsBack) {
  backend_.is_down = true;
  const Member phone = join();
  settle();
  EXPECT_EQ(phone.device->take(), Words{"error: the store is down"});
  send(phone, new_track(1), "one");
  settle();
  EXPECT_EQ(phone.device->take(), Words{"error: the store is down"});
  const Member laptop = join();
  EXPECT_EQ(laptop.device->take(), Words{"error: the store is down"});
  backend_.is_down = false;
  service_.on_restored();
  settle();
  EXPECT_EQ(phone.device->take(), Words{"none"});
  EXPECT_EQ(laptop.device->take(), Words{"none"});
}

TEST_F(PlayerServiceTest, TheLastDeviceLostPausesAtThatMoment) {
  Member phone = join(), laptop = join();
  send(phone, new_track(1), "one");
  settle();
  service_.disconnect(phone.id, {kNow.since_unix_epoch + 10s});
  settle();
  EXPECT_FALSE(backend_.states.at(kUser).on_pause) << "one is still there";
  service_.disconnect(laptop.id, {kNow.since_unix_epoch + 60s});
  settle();
  EXPECT_TRUE(backend_.states.at(kUser).on_pause);
  EXPECT_EQ(backend_.states.at(kUser).position.value, 60s);
  EXPECT_EQ(service_.users(), 0u) << "nobody is left in memory";
  EXPECT_EQ(store_.loaded_users(), 0u);
  const Member again = join();
  settle();
  EXPECT_EQ(again.device->take(), Words{"state 2 paused 1"});
}

TEST_F(PlayerServiceTest, AWishOnItsWayIsAppliedBeforeTheLoss) {
  const Member phone = join();
  send(phone, new_track(1), "one");
  service_.disconnect(phone.id, {kNow.since_unix_epoch + 4s});
  settle();
  EXPECT_EQ(backend_.states.at(kUser).position.value, 4s);
  EXPECT_TRUE(backend_.states.at(kUser).on_pause);
}

TEST_F(PlayerServiceTest, ALossDuringAnOutageIsMadeUpForUnlessSomebodyIsBack) {
  for (const bool comes_back : {false, true}) {
    const Member phone = join();
    send(phone, new_track(1), "one");
    settle();
    backend_.is_down = true;
    service_.disconnect(phone.id, {kNow.since_unix_epoch + 30s});
    settle();
    EXPECT_EQ(service_.users(), 1u) << "not settled yet";
    std::optional<Member> back;
    if (comes_back) back = join();
    settle();
    backend_.is_down = false;
    service_.on_restored();
    tick(service_);
    settle();
    EXPECT_EQ(backend_.states.at(kUser).on_pause, !comes_back);
    if (!back) {
      EXPECT_EQ(backend_.states.at(kUser).position.value, 30s);
      EXPECT_EQ(service_.users(), 0u);
    } else {
      service_.disconnect(back->id, kNow);
    }
    settle();
  }
}

TEST_F(PlayerServiceTest, AStoppingServerPausesNothing) {
  const Member phone = join();
  send(phone, new_track(1), "one");
  settle();
  service_.stop();
  service_.disconnect(phone.id, {kNow.since_unix_epoch + 60s});
  settle();
  EXPECT_FALSE(backend_.states.at(kUser).on_pause);
}

TEST_F(PlayerServiceTest, TheOptionTurnsThePauseOff) {
  PlayerService service({3, false}, store_, length);
  store_.open(service, nullptr);
  const Member phone = join(service);
  service.update(phone.id, new_track(1), "one", kNow);
  settle();
  service.disconnect(phone.id, {kNow.since_unix_epoch + 60s});
  settle();
  EXPECT_FALSE(backend_.states.at(kUser).on_pause);
}

TEST_F(PlayerServiceTest, ThePositionStopsAtTheEndThatTheLibraryKnows) {
  const Member phone = join();
  send(phone, new_track(200), "one");
  send(phone, pause(), "five seconds later");
  settle();
  EXPECT_EQ(backend_.states.at(kUser).position.value, 3s);
}

TEST_F(PlayerServiceTest, DevicesOfTwoServersFollowEachOther) {
  const Member phone = join(), laptop = join(other_);
  settle();
  (void)phone.device->take(), (void)laptop.device->take();
  send(phone, new_track(1), "from the phone");
  other_.update(laptop.id, new_track(2), "from the laptop", kNow);
  settle();
  tick(service_), tick(other_);
  settle();
  EXPECT_EQ(phone.device->take(), Words{"from the laptop"});
  EXPECT_EQ(laptop.device->take(), Words{"from the phone"});
  EXPECT_EQ(backend_.states.at(kUser).revision, 2u);

  service_.disconnect(phone.id, kNow);
  settle();
  EXPECT_FALSE(backend_.states.at(kUser).on_pause) << "the laptop is at the other server";
  other_.disconnect(laptop.id, {kNow.since_unix_epoch + 9s});
  settle();
  EXPECT_TRUE(backend_.states.at(kUser).on_pause);
}

TEST_F(PlayerServiceTest, AServerThatMissedNewsCatchesUp) {
  const Member phone = join(), laptop = join(other_);
  settle();
  send(phone, new_track(1), "one");
  settle();
  (void)laptop.device->take();
  send(phone, new_track(2), "two");
  for (int i = 0; i < 20; ++i) store_.step();
  other_store_.lose_published();
  send(phone, new_track(3), "three");
  settle();
  EXPECT_EQ(laptop.device->take(), Words{"state 3 playing 3"}) << "two is missing, so the whole state";
  send(phone, new_track(4), "four");
  for (int i = 0; i < 20; ++i) store_.step();
  other_store_.lose_published();
  other_.on_restored();
  settle();
  EXPECT_EQ(laptop.device->take(), Words{"state 4 playing 4"});
}

TEST_F(PlayerServiceTest, AStoreThatForgotIsToldAgain) {
  const Member phone = join(), laptop = join();
  send(phone, new_track(1), "one");
  send(phone, new_track(2), "two");
  settle();
  (void)laptop.device->take();
  backend_.states.clear();
  service_.on_restored();
  settle();
  EXPECT_EQ(backend_.states.at(kUser).revision, 2u);
  backend_.states.clear();
  send(phone, new_track(3), "three");
  settle();
  EXPECT_EQ(backend_.states.at(kUser).revision, 3u);
  EXPECT_EQ(laptop.device->take(), Words{"three"});
}

TEST_F(PlayerServiceTest, AnAppWithoutAConnectionReadsAndPuts) {
  std::vector<PlayerReply> replies;
  const auto keep = [&](PlayerReply reply) { replies.push_back(std::move(reply)); };
  service_.read(kUser, keep);
  settle();
  EXPECT_EQ(replies.back().kind, PlayerReply::Kind::no_state);
  EXPECT_EQ(service_.users(), 0u);
  const Member phone = join();
  settle();
  (void)phone.device->take();
  service_.put(kUser, new_track(5), kNow, keep);
  settle();
  EXPECT_EQ(replies.back().kind, PlayerReply::Kind::accepted);
  EXPECT_EQ(replies.back().state->revision, 1u);
  EXPECT_EQ(phone.device->take(), Words{"state 1 playing 5"}) << "no device said it, so the state";
  service_.put(kUser, new_track(6, 0), kNow, keep);
  settle();
  EXPECT_EQ(replies.back().kind, PlayerReply::Kind::stale);
  EXPECT_EQ(replies.back().state->track_id, 5);
  backend_.is_down = true;
  service_.put(kUser, new_track(7), kNow, keep);
  settle();
  EXPECT_EQ(replies.back().kind, PlayerReply::Kind::failed);
  EXPECT_EQ(replies.back().why, "the store is down");
  EXPECT_EQ(replies.size(), 4u);
}

TEST_F(PlayerServiceTest, AUserWhoseServerDiedIsPausedAtItsDeath) {
  const Member phone = join();
  send(phone, new_track(1), "one");
  settle();
  other_.on_abandoned(kUser, {kNow.since_unix_epoch + 20s});
  settle();
  EXPECT_TRUE(backend_.states.at(kUser).on_pause);
  EXPECT_EQ(backend_.states.at(kUser).position.value, 20s);
  EXPECT_EQ(other_.users(), 0u);
  send(phone, new_track(2), "two");
  settle();
  service_.on_abandoned(kUser, {kNow.since_unix_epoch + 40s});
  settle();
  EXPECT_FALSE(backend_.states.at(kUser).on_pause) << "the user is here";
}

TEST_F(PlayerServiceTest, EverythingIsBounded) {
  std::vector<Member> members;
  for (std::size_t i = 0; i < PlayerRoom::kMostDevices; ++i) members.push_back(join());
  EXPECT_FALSE(service_.connect(kUser, std::make_shared<FakeDevice>()));
  for (std::size_t i = 0; i < PlayerRoom::kMostWaiting; ++i) send(members[0], new_track(1), "x");
  EXPECT_TRUE(members[0].device->heard.empty());
  send(members[0], new_track(1), "one too many");
  EXPECT_EQ(members[0].device->take(), Words{"error: too many updates of this user are waiting"});
  settle();
  EXPECT_EQ(members[1].device->heard.size(), PlayerRoom::kMostWaiting + 1);

  PlayerService small({4, true, 1}, store_, length);
  ASSERT_TRUE(small.connect("a", std::make_shared<FakeDevice>()));
  EXPECT_FALSE(small.connect("b", std::make_shared<FakeDevice>()));
}

}  // namespace
}  // namespace tutti::app
