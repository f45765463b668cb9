#include "storage/sqlite_walk_store.h"

#include "domain/walk_timing.h"

#include <filesystem>
#include <future>

#include <gtest/gtest.h>

namespace tutti::storage {
namespace {

using namespace std::chrono_literals;

class WalkStored : public testing::Test {
 protected:
  WalkStored()
      : folder_(std::filesystem::temp_directory_path() /
                ("tutti-walk-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)))) {
    std::filesystem::create_directories(folder_);
    open();
  }
  ~WalkStored() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    store_.reset();
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

  std::filesystem::path folder_;
  std::unique_ptr<SqliteWalkStore> store_;
};

app::StoredWalk in_the_middle_of_a_cue() {
  app::StoredWalk out;
  out.anchor = {{1'700'000'000s}};
  out.has_sheet = true;
  out.counts = {18, 3};
  Walk& walk = out.walk;
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

TEST_F(WalkStored, NothingIsKeptOfAWalkThatNobodyConducted) {
  const auto loaded = store_->load_walk("/walks/park");
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(*loaded);
}

TEST_F(WalkStored, WhatWasSavedIsThereByTheCalendar) {
  const auto saved = in_the_middle_of_a_cue();
  save("/walks/park", saved);
  open();
  const auto loaded = load("/walks/park");
  EXPECT_EQ(loaded.anchor.at_start, WallTime{});
  EXPECT_TRUE(loaded.has_sheet);
  EXPECT_EQ(loaded.counts.cue, 18);
  EXPECT_EQ(loaded.counts.message, 3);
  EXPECT_EQ(shifted(loaded.walk, -1'700'000'000s), saved.walk);
}

TEST_F(WalkStored, WhatIsSavedAgainTakesThePlaceOfWhatWasThere) {
  save("/walks/park", in_the_middle_of_a_cue());
  app::StoredWalk later;
  later.counts = {20, 4};
  later.walk.messages = {{4, "home", {}, ""}};
  save("/walks/park", later);
  const auto loaded = load("/walks/park");
  EXPECT_EQ(loaded.walk, later.walk);
  EXPECT_FALSE(loaded.has_sheet);
}

TEST_F(WalkStored, EachWalkIsKeptForItself) {
  save("/walks/park", in_the_middle_of_a_cue());
  save("/walks/\xff", {});
  EXPECT_EQ(load("/walks/\xff").walk, Walk{});
  EXPECT_EQ(load("/walks/park").walk.sheet.size(), 2U);
}

TEST_F(WalkStored, ASheetThatWasNotEditedIsNotKept) {
  auto walk = in_the_middle_of_a_cue();
  walk.has_sheet = false;
  save("/walks/park", walk);
  EXPECT_TRUE(load("/walks/park").walk.sheet.empty());
}

}  // namespace
}  // namespace tutti::storage
