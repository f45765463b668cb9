// What holds of every store of walks.
#include "domain/walk_timing.h"
#include "protocol/kept_walk.h"
#include "storage/redis_walk_store.h"
#include "storage/sqlite_walk_store.h"
#include "tests/storage/private_redis.h"

#include <filesystem>
#include <future>
#include <memory>

#include <gtest/gtest.h>

namespace tutti::storage {
namespace {

using namespace std::chrono_literals;

enum class Kind { sqlite, redis };

RedisWalkStore::Settings as_json() {
  const auto write = [](const app::StoredWalk& stored) {
    return protocol::format_kept_walk({shifted(stored.walk, stored.anchor.at_start.since_unix_epoch),
                                       stored.has_sheet, stored.has_about, stored.counts});
  };
  const auto read = [](const std::string& text) -> Result<app::StoredWalk> {
    auto kept = protocol::parse_kept_walk(text);
    if (!kept) return tl::make_unexpected(kept.error());
    return app::StoredWalk{std::move(kept->walk), {}, kept->has_sheet, kept->has_about, kept->counts};
  };
  return {write, read, protocol::format_kept_event,
          [](const std::string& text) { return protocol::parse_kept_event(text); }};
}

class WalkStored : public testing::TestWithParam<Kind> {
 protected:
  WalkStored()
      : folder_(std::filesystem::temp_directory_path() /
                ("tutti-walk-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)))) {
    std::filesystem::create_directories(folder_);
    if (GetParam() == Kind::redis) redis_ = std::make_unique<PrivateRedis>(folder_ / "redis");
    open();
  }
  ~WalkStored() override {
    store_.reset();
    redis_.reset();
    std::filesystem::remove_all(folder_);
  }

  // As after a restart of the server.
  void open() {
    store_.reset();
    if (redis_) {
      store_ = std::make_unique<RedisWalkStore>(redis_->address(), as_json());
      return;
    }
    auto opened = SqliteWalkStore::open(folder_ / "state.db");
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  void save(const std::string& path, const app::StoredWalk& walk) {
    std::promise<Result<void>> saved;
    store_->save_walk(path, walk, [&](const Result<void>& result) { saved.set_value(result); });
    const auto result = saved.get_future().get();
    ASSERT_TRUE(result) << result.error().message;
  }

  app::StoredWalk load(const std::string& path) {
    auto loaded = store_->load_walk(path);
    EXPECT_TRUE(loaded && *loaded);
    return loaded && *loaded ? **loaded : app::StoredWalk{};
  }

  void add(const std::string& path, app::WalkLog more) {
    std::promise<Result<void>> added;
    store_->add_to_log(path, std::move(more), [&](const Result<void>& result) { added.set_value(result); });
    const auto result = added.get_future().get();
    ASSERT_TRUE(result) << result.error().message;
  }

  std::filesystem::path folder_;
  std::unique_ptr<PrivateRedis> redis_;
  std::unique_ptr<app::WalkStore> store_;
};

app::StoredWalk in_the_middle_of_a_cue() {
  app::StoredWalk out;
  out.anchor = {{1'700'000'000s}};
  out.has_sheet = out.has_about = true;
  out.counts = {18, 3};
  Walk& walk = out.walk;
  walk.about = {"Парк", "Meet at the gate.\nBring tea.", "", {"en", "pt-BR"}};
  walk.edit = {12, "anna"};
  walk.reached = "мост";
  walk.sheet = {{"gate", {"forest", 0s, 5s, 80, true}, "wait for the bus"}, {"мост", {"forest", 7s, 9s}, ""}};
  LiveCue now;
  now.id = 17;
  now.name = "gate";
  now.part = {"forest", 12'500ms, 47s, 90, true};
  now.start = {100s};
  now.author = "anna";
  now.stop = WalkStop{{150s}, 500ms};
  walk.live.now = now;
  LiveCue next = now;
  next.id = 18;
  next.name.reset();
  next.stop.reset();
  next.start = {140s};
  walk.live.next = next;
  walk.messages = {{2, "Turn left", {90s}, "anna"}, {3, "налево", {95s}, ""}};
  walk.lead.manual = 2s;
  walk.armed = WalkArmed{{200s}, "gate", 19, "boris"};
  return out;
}

TEST_P(WalkStored, NothingIsKeptOfAWalkThatNobodyConducted) {
  const auto loaded = store_->load_walk("/walks/park");
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(*loaded);
}

TEST_P(WalkStored, WhatWasSavedIsThereByTheCalendar) {
  const auto saved = in_the_middle_of_a_cue();
  save("/walks/park", saved);
  open();
  const auto loaded = load("/walks/park");
  EXPECT_EQ(loaded.anchor.at_start, WallTime{});
  EXPECT_TRUE(loaded.has_sheet && loaded.has_about);
  EXPECT_EQ(loaded.counts.cue, 18);
  EXPECT_EQ(loaded.counts.message, 3);
  EXPECT_EQ(shifted(loaded.walk, -1'700'000'000s), saved.walk);
}

TEST_P(WalkStored, WhatIsSavedAgainTakesThePlaceOfWhatWasThere) {
  save("/walks/park", in_the_middle_of_a_cue());
  app::StoredWalk later;
  later.counts = {20, 4};
  later.walk.messages = {{4, "home", {}, ""}};
  save("/walks/park", later);
  const auto loaded = load("/walks/park");
  EXPECT_EQ(loaded.walk, later.walk);
  EXPECT_FALSE(loaded.has_sheet);
}

TEST_P(WalkStored, EachWalkIsKeptForItself) {
  save("/walks/park", in_the_middle_of_a_cue());
  save("/walks/\xff", {});
  EXPECT_EQ(load("/walks/\xff").walk, Walk{});
  EXPECT_EQ(load("/walks/park").walk.sheet.size(), 2U);
}

TEST_P(WalkStored, WhatWasNotEditedIsNotKept) {
  auto walk = in_the_middle_of_a_cue();
  walk.has_sheet = walk.has_about = false;
  save("/walks/park", walk);
  EXPECT_TRUE(load("/walks/park").walk.sheet.empty());
  EXPECT_EQ(load("/walks/park").walk.about, WalkAbout{});
  EXPECT_EQ(load("/walks/park").walk.edit.revision, 12);
}

TEST_P(WalkStored, TheLogIsKeptByTheCalendarAlsoOfAWalkThatNobodyConducted) {
  const WalkEvent here{{-5s}, WalkEvent::Kind::connected, "pixel", std::nullopt, "Pixel 7 is here"};
  const WalkEvent plays{{7s}, WalkEvent::Kind::ack, "pixel", 31'250us, "Pixel 7 plays cue 3, +0.3 ms"};
  const WalkEvent lead{{8s}, WalkEvent::Kind::lead, std::nullopt, std::nullopt, "анна: lead 2.0 s"};
  const WalkEvent last{{9s}, WalkEvent::kLastKind, std::nullopt, std::nullopt, "анна: the walk's words"};
  add("/walks/park", {{here, plays}, {{1'700'000'000s}}});
  add("/walks/park", {{lead, last}, {{1'700'000'100s}}});
  save("/walks/park", in_the_middle_of_a_cue());
  open();
  const auto log = store_->load_log("/walks/park");
  ASSERT_TRUE(log);
  std::vector<WalkEvent> expected = {here, plays, lead, last};
  expected[0].at = {1'699'999'995s};
  expected[1].at = {1'700'000'007s};
  expected[2].at = {1'700'000'108s};
  expected[3].at = {1'700'000'109s};
  EXPECT_EQ(log->events, expected);
  EXPECT_EQ(log->anchor.at_start, WallTime{});
  EXPECT_TRUE(store_->load_log("/walks/other")->events.empty());
}

TEST_P(WalkStored, OfALongLogTheNewestAreKept) {
  constexpr std::size_t kMost = app::WalkStore::kMostEvents;
  app::WalkLog more;
  for (std::size_t i = 0; i < kMost; ++i) {
    more.events.push_back({{Duration(i)}, WalkEvent::Kind::ack, "a", std::nullopt, ""});
  }
  add("/walks/park", more);
  add("/walks/park", {{{{7s}, WalkEvent::Kind::left, "a", std::nullopt, ""}}, {}});
  open();
  const auto log = store_->load_log("/walks/park");
  ASSERT_EQ(log->events.size(), kMost);
  EXPECT_EQ(log->events.front().at, ServerTime{1us});
  EXPECT_EQ(log->events.back().kind, WalkEvent::Kind::left);
}

INSTANTIATE_TEST_SUITE_P(Stores, WalkStored, testing::Values(Kind::sqlite, Kind::redis),
                         [](const auto& each) { return each.param == Kind::sqlite ? "Sqlite" : "Redis"; });

}  // namespace
}  // namespace tutti::storage
