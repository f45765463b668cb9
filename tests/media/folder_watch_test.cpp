#include "media/folder_watch.h"

#include "tests/media/test_audio.h"

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

namespace fs = std::filesystem;
using namespace test;
using namespace std::chrono_literals;

class Calls {
 public:
  FolderWatch::Changed count() {
    return [this](const std::string& folder) {
      const std::lock_guard lock(mutex_);
      folders_.push_back(folder);
      more_.notify_all();
    };
  }
  // Waits until there were `number` calls, or not.
  bool reach(std::size_t number, std::chrono::milliseconds patience = 3s) {
    std::unique_lock lock(mutex_);
    return more_.wait_for(lock, patience, [&] { return folders_.size() >= number; });
  }
  std::vector<std::string> all() {
    const std::lock_guard lock(mutex_);
    return folders_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<std::string> folders_;
};

TEST(FolderWatchTest, TellsOnceOfManyChanges) {
  const fs::path dir = fresh_dir("watch"), other = fresh_dir("watch");
  fs::create_directories(dir / "sub");
  Calls calls;
  FolderWatch watch(calls.count());
  watch.watch(dir.string(), {dir.string(), (dir / "sub").string()});
  watch.watch(other.string(), {other.string()});
  for (int i = 0; i < 30; ++i) write_text(dir / "sub" / std::to_string(i), "x");
  EXPECT_TRUE(calls.reach(1));
  EXPECT_FALSE(calls.reach(2, 500ms));
  EXPECT_EQ(calls.all(), std::vector{dir.string()});
}

TEST(FolderWatchTest, TellsMeanwhileOfChangesThatGoOn) {
  const fs::path dir = fresh_dir("watch");
  Calls calls;
  FolderWatch watch(calls.count());
  watch.watch(dir.string(), {dir.string()});
  for (int i = 0; i < 16; ++i) {
    write_text(dir / "x", "x");
    std::this_thread::sleep_for(80ms);
  }
  EXPECT_TRUE(calls.reach(1, 0ms));
}

TEST(FolderWatchTest, SeesRemovalsMovesAndNewDirectories) {
  const fs::path dir = fresh_dir("watch");
  write_text(dir / "a", "x");
  Calls calls;
  FolderWatch watch(calls.count());
  watch.watch(dir.string(), {dir.string()});
  fs::rename(dir / "a", dir / "b");
  EXPECT_TRUE(calls.reach(1));
  fs::remove(dir / "b");
  EXPECT_TRUE(calls.reach(2));
  fs::create_directory(dir / "c");
  EXPECT_TRUE(calls.reach(3));
  watch.watch(dir.string(), {dir.string(), (dir / "c").string()});
  write_text(dir / "c" / "d", "x");
  EXPECT_TRUE(calls.reach(4));
}

TEST(FolderWatchTest, IsQuietAboutHiddenFilesAndFoldersNoLongerWatched) {
  const fs::path dir = fresh_dir("watch");
  Calls calls;
  FolderWatch watch(calls.count());
  watch.watch(dir.string(), {dir.string(), "/missing"});
  write_text(dir / ".part", "x");
  EXPECT_FALSE(calls.reach(1, 400ms));
  watch.watch(dir.string(), {});
  write_text(dir / "a", "x");
  EXPECT_FALSE(calls.reach(1, 400ms));
}

}  // namespace
}  // namespace tutti::media
