#include "storage/sqlite_store.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace tutti::storage {
namespace {

class SqliteStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "tutti-store-" + std::to_string(::getpid()) + "-" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string database() const { return folder_ + "/a/b/tutti.sqlite"; }

  std::string folder_;
};

Track some_track(std::int64_t id) {
  Track track;
  track.id = {id};
  track.file = {"/музыка/\xFF not utf8 '\"%#" + std::to_string(id) + ".mp3", 1LL << 40,
                1'700'000'000'123'456'789};
  track.format = "mp3";
  track.frames = 1LL << 35;
  track.rate = 44100;
  track.channels = 2;
  track.tags = {"Название", "Artist", "Album", 1999, 7, true};
  return track;
}

TEST_F(SqliteStoreTest, TracksComeBackAsTheyWere) {
  Track plain = some_track(1), measured = some_track(2);
  measured.loudness = Loudness{-14.25, -0.5};
  {
    auto store = SqliteStore::open(database());
    ASSERT_TRUE(store) << store.error().message;
    (*store)->save_tracks({plain, measured});
    plain.tags.title = "changed";
    (*store)->save_tracks({plain});
  }
  auto store = SqliteStore::open(database());
  const auto tracks = (*store)->load_tracks();
  ASSERT_TRUE(tracks) << tracks.error().message;
  EXPECT_EQ(*tracks, (std::vector{plain, measured}));
}

TEST_F(SqliteStoreTest, ClientsComeBackAsTheyWereAndTheServersIdStays) {
  std::string id;
  const std::map<std::string, app::StoredClient> expected = {
      {"kitchen", {"/humor", 30, true}}, {"кухня '\"", {"/", std::nullopt, std::nullopt}}};
  {
    auto store = SqliteStore::open(database());
    ASSERT_TRUE(store) << store.error().message;
    id = (*store)->load_server_id().value();
    EXPECT_EQ(id.size(), 32u);
    (*store)->save_client("kitchen", {"/", 1, false});
    for (const auto& [name, client] : expected) (*store)->save_client(name, client);
  }
  auto store = SqliteStore::open(database());
  EXPECT_EQ((*store)->load_clients().value(), expected);
  EXPECT_EQ((*store)->load_server_id().value(), id);
}

TEST_F(SqliteStoreTest, PrivateGroupsComeBackAsTheyWere) {
  using Repeat = PrivateTimeline::Repeat;
  std::mt19937_64 random(7);
  std::map<std::string, app::StoredGroup> expected;
  for (int i = 0; i < 30; ++i) {
    app::StoredGroup& group = expected["private-" + std::to_string(i)];
    group.owner = "client " + std::to_string(i);
    group.name = "Кухня";
    for (int track = 0; track < i; ++track)
      group.tracks.push_back({static_cast<std::int64_t>(random() >> 2)});
    if (i % 2 == 0) group.track = TrackId{i};
    group.position = Duration{i * 1'000'003};
    group.at = WallTime{Duration{static_cast<std::int64_t>(random() >> 8)}};
    group.is_playing = i % 3 == 0;
    group.repeat = std::array{Repeat::off, Repeat::one, Repeat::all}.at(static_cast<std::size_t>(i % 3));
    if (i % 4 == 0) group.shuffle = PrivateTimeline::Shuffle{random(), std::nullopt};
    if (i % 8 == 0) group.shuffle->first = TrackId{i};
  }
  {
    auto store = SqliteStore::open(database());
    for (const auto& [id, group] : expected) (*store)->save_group(id, group);
    (*store)->save_group("private-99", expected.begin()->second);
    (*store)->save_group("private-99", std::nullopt);
    (*store)->save_group("private-0", std::nullopt);
    expected.erase("private-0");
  }
  auto store = SqliteStore::open(database());
  const auto groups = (*store)->load_groups();
  ASSERT_TRUE(groups) << groups.error().message;
  EXPECT_EQ(*groups, expected);
  (*store)->save_group("private-1", std::nullopt);
  expected.erase("private-1");
  store = {};
  store = SqliteStore::open(database());
  EXPECT_EQ((*store)->load_groups().value(), expected);
}

TEST_F(SqliteStoreTest, ProgrammesComeBackAsTheyWere) {
  std::mt19937_64 random(1);
  std::map<std::string, app::StoredProgramme> expected;
  for (int i = 0; i < 50; ++i) {
    app::StoredProgramme programme{{Duration(static_cast<std::int64_t>(random() >> 8))}, 48000, {}, {}};
    programme.state.rotation = {random(), random() % 1000, TrackId{5}, std::nullopt, random() % 100};
    for (Frames first = 0; first < 10; ++first) {
      programme.state.entries.push_back({TrackId{first + 1}, first * 1000, 1000});
    }
    if (i % 3 == 1) programme.order = Rotation::Order::shuffled;
    if (i % 3 == 2) programme.order = Rotation::Order::by_path;
    expected["/станция " + std::to_string(i)] = programme;
  }
  {
    auto store = SqliteStore::open(database());
    for (auto& [route, programme] : expected) (*store)->save_programme(route, programme);
    expected.begin()->second.state.entries.resize(3);
    (*store)->save_programme(expected.begin()->first, expected.begin()->second);
  }
  auto store = SqliteStore::open(database());
  const auto programmes = (*store)->load_programmes();
  ASSERT_TRUE(programmes) << programmes.error().message;
  EXPECT_EQ(*programmes, expected);
}

TEST_F(SqliteStoreTest, RefusesTheStateOfANewerVersion) {
  { ASSERT_TRUE(SqliteStore::open(database())); }
  sqlite3* db = nullptr;
  sqlite3_open(database().c_str(), &db);
  sqlite3_exec(db, "PRAGMA user_version = 999", nullptr, nullptr, nullptr);
  sqlite3_close(db);
  const auto store = SqliteStore::open(database());
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().message.find("newer"), std::string::npos);
}

TEST_F(SqliteStoreTest, RefusesAFileThatIsNoDatabase) {
  std::filesystem::create_directories(folder_ + "/a/b");
  std::ofstream(database()) << std::string(10'000, 'x');
  const auto store = SqliteStore::open(database());
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().message.find(database()), std::string::npos) << store.error().message;
}

}  // namespace
}  // namespace tutti::storage
