#include "storage/sqlite_player_store.h"

#include "tests/storage/posted.h"

#include <filesystem>

#include <gtest/gtest.h>

namespace tutti::storage {
namespace {

using namespace std::chrono_literals;

class SqlitePlayerStoreTest : public testing::Test, public app::PlayerStore::Events {
 protected:
  SqlitePlayerStoreTest() {
    folder_ = testing::TempDir() + "tutti-players-" + std::to_string(::getpid()) + "-" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
  }
  ~SqlitePlayerStoreTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void start(std::uint64_t server, std::chrono::milliseconds grace = 1h) {
    store_.reset();
    auto store =
        SqlitePlayerStore::open(folder_ + "/players.sqlite", {server, [this] { return now_; }, grace});
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::move(*store);
    static_cast<app::PlayerStore&>(*store_).open(
        *this, [this](std::function<void()> job) { control_.post(std::move(job)); });
  }
  std::optional<PlayerState> load(const std::string& user) {
    std::optional<PlayerState> state;
    store_->load(user, [&](auto loaded) {
      ASSERT_TRUE(loaded) << loaded.error().message;
      state = *loaded;
    });
    control_.run_one();
    return state;
  }
  app::PlayerStore::Saved save(const std::string& user, std::optional<std::uint64_t> expected,
                               std::vector<app::PlayerChange> changes) {
    app::PlayerStore::Saved out;
    store_->save(user, expected, std::move(changes), [&](auto saved) {
      ASSERT_TRUE(saved) << saved.error().message;
      out = *saved;
    });
    control_.run_one();
    return out;
  }
  static app::PlayerChange change(std::uint64_t revision) {
    PlayerState state;
    state.track_id = -5;
    state.from_is = "плейлист";
    state.from_is_id = 3;
    state.on_pause = true;
    state.position = {64'700ms, true};
    state.time_state_update = {-1ms};
    state.time_text = "1969-12-31T23:59:59.999+0000";
    state.revision = revision;
    state.track_length = 100s;
    state.accepted_at = {Duration(5)};
    return {state, std::make_shared<const std::string>("text " + std::to_string(revision)), {1, revision}};
  }

  void on_changed(const std::string& user, const app::PlayerChange& change) override {
    told_.push_back(user + ": " + *change.text);
  }
  void on_restored() override {}
  void on_abandoned(const std::string& user, WallTime lost_at) override {
    abandoned_.emplace_back(user, lost_at);
  }

  std::string folder_;
  Posted control_;
  WallTime now_{1000s};
  std::unique_ptr<SqlitePlayerStore> store_;
  std::vector<std::string> told_;
  std::vector<std::pair<std::string, WallTime>> abandoned_;
};

TEST_F(SqlitePlayerStoreTest, StatesComeBackAsTheyWere) {
  start(1);
  EXPECT_EQ(load("anna"), std::nullopt);
  EXPECT_FALSE(save("anna", std::nullopt, {change(1), change(2)}).outrun);
  EXPECT_EQ(told_, (std::vector<std::string>{"anna: text 1", "anna: text 2"}));
  PlayerState plain;
  plain.revision = 1;
  EXPECT_FALSE(
      save("o'\"; --", std::nullopt, {{plain, std::make_shared<const std::string>("x"), {}}}).outrun);
  start(2);
  EXPECT_EQ(load("anna"), change(2).state);
  EXPECT_EQ(load("o'\"; --"), plain);
}

TEST_F(SqlitePlayerStoreTest, ComparesBeforeItStores) {
  start(1);
  EXPECT_TRUE(save("anna", 1, {change(2)}).outrun);
  save("anna", std::nullopt, {change(1)});
  told_.clear();
  const auto outrun = save("anna", std::nullopt, {change(1)});
  EXPECT_TRUE(outrun.outrun);
  EXPECT_EQ(outrun.revision, 1u);
  EXPECT_TRUE(save("anna", 7, {change(8)}).outrun);
  EXPECT_TRUE(told_.empty());
  EXPECT_EQ(load("anna")->revision, 1u);
}

TEST_F(SqlitePlayerStoreTest, UsersWhoDoNotComeBackAfterARestartAreLost) {
  start(1);
  for (const auto* user : {"anna", "boris", "clara"}) store_->enter(user);
  bool was_last = false;
  store_->leave("boris", [&](auto last) { was_last = last.value_or(false); });
  control_.run_one();
  EXPECT_TRUE(was_last);
  now_ = {2000s};
  start(2, 20ms);
  store_->enter("clara");
  now_ = {3000s};
  control_.run_one();
  EXPECT_EQ(abandoned_, (std::vector<std::pair<std::string, WallTime>>{{"anna", {2000s}}}));
}

}  // namespace
}  // namespace tutti::storage
