#include "media/folder_walk.h"

#include "tests/media/test_audio.h"

#include <algorithm>
#include <sys/stat.h>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

namespace fs = std::filesystem;
using namespace test;

std::vector<std::string> names(const FolderListing& listing, const fs::path& folder) {
  std::vector<std::string> names;
  for (const FileStamp& file : listing.files) names.push_back(file.path.substr(folder.string().size() + 1));
  return names;
}

TEST(FolderWalkTest, ListsRegularFilesSortedAndOnce) {
  const fs::path outside = fresh_dir("outside");
  write_text(outside / "secret.mp3", "x");
  const fs::path dir = fresh_dir("walk");
  fs::create_directories(dir / "b" / "deep");
  fs::create_directories(dir / ".hidden");
  write_text(dir / "z.mp3", "12345");
  write_text(dir / "b" / "a.mp3", "1");
  write_text(dir / "b" / "deep" / "\xff\n.mp3", "1");
  write_text(dir / ".hidden" / "x.mp3", "1");
  write_text(dir / ".dot.mp3", "1");
  ASSERT_EQ(::mkfifo((dir / "pipe.mp3").c_str(), 0600), 0);
  fs::create_directory_symlink(dir, dir / "b" / "loop");
  fs::create_directory_symlink(dir / "b" / "deep", dir / "again");
  fs::create_directory_symlink(outside, dir / "out");
  fs::create_symlink(outside / "secret.mp3", dir / "secret.mp3");
  fs::create_symlink(dir / "z.mp3", dir / "a link.mp3");
  fs::create_symlink("nowhere", dir / "broken.mp3");
  fs::create_symlink("self.mp3", dir / "self.mp3");

  const auto listing = walk_folder(dir.string(), never);
  ASSERT_TRUE(listing);
  auto found = names(*listing, dir);
  EXPECT_TRUE(std::ranges::is_sorted(listing->files, {}, &FileStamp::path));
  EXPECT_EQ(found.size(), 3u);
  EXPECT_EQ(std::ranges::count(found, "z.mp3"), 1);
  EXPECT_EQ(std::ranges::count(found, "b/a.mp3"), 1);
  EXPECT_TRUE(found[0].ends_with("\xff\n.mp3") || found[1].ends_with("\xff\n.mp3"));
  EXPECT_EQ(listing->files.back().size, 5);
  EXPECT_GT(listing->files.back().mtime_ns, std::int64_t{1'600'000'000'000'000'000});
  EXPECT_EQ(listing->directories.size(), 3u);
}

TEST(FolderWalkTest, FollowsALinkAsTheFolderItself) {
  const fs::path dir = fresh_dir("walk"), place = fresh_dir("place");
  write_text(dir / "a.mp3", "1");
  fs::create_directory_symlink(dir, place / "music");
  const auto listing = walk_folder((place / "music/").string(), never);
  ASSERT_TRUE(listing);
  ASSERT_EQ(listing->files.size(), 1u);
  EXPECT_EQ(listing->files[0].path, (place / "music/a.mp3").string());
}

TEST(FolderWalkTest, SaysWhyItCannotBegin) {
  const fs::path dir = fresh_dir("walk");
  write_text(dir / "file", "");
  EXPECT_FALSE(walk_folder((dir / "missing").string(), never));
  EXPECT_FALSE(walk_folder((dir / "file").string(), never));
}

TEST(FolderWalkTest, CanBeCancelled) {
  const fs::path dir = fresh_dir("walk");
  for (int i = 0; i < 100; ++i) write_text(dir / std::to_string(i), "");
  EXPECT_FALSE(walk_folder(dir.string(), [] { return true; }));
}

}  // namespace
}  // namespace tutti::media
