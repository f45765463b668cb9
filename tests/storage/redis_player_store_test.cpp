#include "storage/redis_player_store.h"

#include "tests/storage/posted.h"
#include "tests/storage/private_redis.h"

#include <gtest/gtest.h>

namespace tutti::storage {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

// Only what this test needs of a state; the wire's own form is tested with the wire.
std::string write_state(const PlayerState& state) {
  return R"({"revision":)" + std::to_string(state.revision) + R"(,"track_id":)" +
         std::to_string(state.track_id) + "}";
}
Result<PlayerState> read_state(const std::string& text) {
  PlayerState state;
  long long revision = 0, track = 0;
  if (std::sscanf(text.c_str(), R"({"revision":%lld,"track_id":%lld})", &revision, &track) != 2)
    return fail("odd");
  state.revision = static_cast<std::uint64_t>(revision);
  state.track_id = track;
  return state;
}

app::PlayerChange change(std::uint64_t revision, std::int64_t track, const char* text) {
  app::PlayerChange out;
  out.state.revision = revision;
  out.state.track_id = track;
  if (text) out.text = std::make_shared<const std::string>(text);
  out.origin = {1, revision};
  return out;
}

// One server process.
class Server : public app::PlayerStore::Events {
 public:
  Server(const PrivateRedis& redis, std::uint64_t id, std::chrono::milliseconds grace = 1h)
      : store(redis.address(), {id, write_state, read_state, grace}) {
    static_cast<app::PlayerStore&>(store).open(
        *this, [this](std::function<void()> job) { control.post(std::move(job)); });
    control.run_until([this] { return store.trouble().empty(); });
  }
  ~Server() override { store.close(); }

  std::optional<PlayerState> load(const std::string& user) {
    std::optional<Result<std::optional<PlayerState>>> answer;
    store.load(user, [&](auto loaded) { answer = std::move(loaded); });
    control.run_until([&] { return answer.has_value(); });
    EXPECT_TRUE(*answer);
    return answer->value_or(std::nullopt);
  }
  app::PlayerStore::Saved save(const std::string& user, std::optional<std::uint64_t> expected,
                               std::vector<app::PlayerChange> changes) {
    std::optional<Result<app::PlayerStore::Saved>> answer;
    store.save(user, expected, std::move(changes), [&](auto saved) { answer = std::move(saved); });
    control.run_until([&] { return answer.has_value(); });
    EXPECT_TRUE(*answer) << answer->error().message;
    return answer->value_or(app::PlayerStore::Saved{});
  }
  bool leave(const std::string& user) {
    std::optional<Result<bool>> answer;
    store.leave(user, [&](auto last) { answer = std::move(last); });
    control.run_until([&] { return answer.has_value(); });
    EXPECT_TRUE(*answer);
    return answer->value_or(false);
  }

  void on_changed(const std::string& user, const app::PlayerChange& told) override {
    heard.push_back(user + " " + std::to_string(told.state.revision) + " " +
                    (told.text ? *told.text : "(state)"));
  }
  void on_restored() override {}
  void on_abandoned(const std::string& user, WallTime lost_at) override {
    abandoned.push_back(user);
    died_at = lost_at;
  }

  Posted control;
  RedisPlayerStore store;
  Words heard, abandoned;
  WallTime died_at;
};

class RedisPlayerStoreTest : public testing::Test {
 protected:
  PrivateRedis redis_{testing::TempDir() + "tutti-redis-" + std::to_string(::getpid()) + "-" +
                      testing::UnitTest::GetInstance()->current_test_info()->name()};
};

TEST_F(RedisPlayerStoreTest, ComparesStoresAndTellsEveryServer) {
  Server one(redis_, 1), other(redis_, 2);
  EXPECT_EQ(one.load("anna"), std::nullopt);
  EXPECT_EQ(other.load("anna"), std::nullopt);
  EXPECT_FALSE(one.save("anna", std::nullopt, {change(1, 5, "a\nb"), change(2, 6, nullptr)}).outrun);
  one.control.run_until([&] { return one.heard.size() == 2; });
  other.control.run_until([&] { return other.heard.size() == 2; });
  EXPECT_EQ(one.heard, (Words{"anna 1 a\nb", "anna 2 (state)"}));
  EXPECT_EQ(other.heard, one.heard);
  EXPECT_EQ(other.load("anna")->track_id, 6);

  const auto outrun = other.save("anna", 1, {change(2, 9, "late")});
  EXPECT_TRUE(outrun.outrun);
  EXPECT_EQ(outrun.revision, 2u);
  EXPECT_TRUE(other.save("anna", std::nullopt, {change(1, 9, "late")}).outrun);
  EXPECT_EQ(one.load("anna")->track_id, 6);
}

TEST_F(RedisPlayerStoreTest, TheLastDeviceMayBeAtAnotherServer) {
  Server one(redis_, 1), other(redis_, 2);
  one.store.enter("anna");
  EXPECT_TRUE(one.leave("boris")) << "so its word of anna has come";
  other.store.enter("anna");
  EXPECT_TRUE(other.leave("boris")) << "likewise";
  EXPECT_FALSE(one.leave("anna"));
  EXPECT_TRUE(other.leave("anna"));
}

TEST_F(RedisPlayerStoreTest, UsersOfADeadServerAreFoundByAnother) {
  auto dead = std::make_unique<Server>(redis_, 1);
  dead->store.enter("anna");
  dead->store.enter("boris");
  dead->leave("nobody");
  dead.reset();
  // It outlives two heartbeats.
  Server other(redis_, 2, 2500ms);
  other.store.enter("boris");
  other.control.run_until([&] { return !other.abandoned.empty(); });
  EXPECT_EQ(other.abandoned, Words{"anna"});
  EXPECT_GT(other.died_at, WallTime{});
}

}  // namespace
}  // namespace tutti::storage
