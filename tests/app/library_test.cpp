#include "app/library.h"

#include "tests/fakes/fake_scanner.h"
#include "tests/fakes/fake_stores.h"

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

class LibraryTest : public testing::Test {
 protected:
  Library make(unsigned concurrency = 1) {
    return {store_, scanner_, concurrency, [this](const std::string& folder) { ++changes_[folder]; }};
  }
  static std::vector<std::string> paths(const Library& library, const std::string& folder) {
    std::vector<std::string> out;
    for (const Track* track : library.tracks_in(folder)) out.push_back(track->file.path);
    return out;
  }

  fakes::FakeTrackStore store_;
  fakes::FakeScanner scanner_;
  std::map<std::string, int> changes_;
};

TEST_F(LibraryTest, FindsTracksAndMeasuresThemAfterwards) {
  scanner_.add("/m/b.mp3");
  scanner_.add("/m/a/c.flac");
  scanner_.add("/mm/other.mp3");
  Library library = make();
  library.add_folder("/m");
  EXPECT_TRUE(library.is_scanning("/m"));
  scanner_.answer_all();
  EXPECT_FALSE(library.is_scanning("/m"));
  EXPECT_EQ(paths(library, "/m"), (std::vector<std::string>{"/m/a/c.flac", "/m/b.mp3"}));
  EXPECT_EQ(scanner_.measured.size(), 2u);
  EXPECT_TRUE(library.tracks_in("/m")[0]->loudness);
  EXPECT_EQ(store_.tracks.size(), 2u);
  EXPECT_TRUE(store_.tracks.begin()->second.loudness) << "kept for the next start";
}

TEST_F(LibraryTest, ASecondStartProbesNothing) {
  for (int i = 0; i < 100; ++i) scanner_.add("/m/" + std::to_string(i) + ".mp3");
  std::vector<TrackId> ids;
  {
    Library library = make();
    library.add_folder("/m");
    scanner_.answer_all();
    for (const Track* track : library.tracks_in("/m")) ids.push_back(track->id);
  }
  scanner_.probed.clear();
  scanner_.measured.clear();
  scanner_.files["/m/7.mp3"].file.mtime_ns = 99;
  Library library = make();
  ASSERT_TRUE(library.load());
  library.add_folder("/m");
  scanner_.answer_all();
  EXPECT_EQ(scanner_.probed, std::vector<std::string>{"/m/7.mp3"}) << "only what changed";
  EXPECT_EQ(scanner_.measured, std::vector<std::string>{"/m/7.mp3"});
  std::vector<TrackId> again;
  for (const Track* track : library.tracks_in("/m")) again.push_back(track->id);
  EXPECT_EQ(again, ids) << "a path keeps its id";
}

TEST_F(LibraryTest, FilesComeAndGo) {
  scanner_.add("/m/a.mp3");
  scanner_.add("/m/b.mp3");
  Library library = make();
  library.add_folder("/m");
  scanner_.answer_all();
  const TrackId gone = library.tracks_in("/m")[0]->id;
  changes_.clear();

  scanner_.files.erase("/m/a.mp3");
  scanner_.add("/m/c.mp3");
  library.rescan("/m");
  scanner_.answer_all();
  EXPECT_EQ(paths(library, "/m"), (std::vector<std::string>{"/m/b.mp3", "/m/c.mp3"}));
  EXPECT_GE(changes_["/m"], 1);
  EXPECT_FALSE(library.is_present(gone));
  ASSERT_NE(library.find(gone), nullptr) << "what still plays can be named";

  changes_.clear();
  library.rescan("/m");
  scanner_.answer_all();
  EXPECT_TRUE(changes_.empty()) << "nothing changed";

  scanner_.add("/m/a.mp3");
  library.rescan("/m");
  scanner_.answer_all();
  EXPECT_TRUE(library.is_present(gone)) << "back under its old id";
}

TEST_F(LibraryTest, BrokenFilesAreListedAndOthersAreNot) {
  scanner_.broken = {"/x/m/bad.mp3"};
  scanner_.not_audio = {"/x/m/cover.jpg"};
  scanner_.add("/x/m/good.mp3");
  Library library = make();
  library.add_folder("/x/m");
  scanner_.answer_all();
  ASSERT_EQ(library.problems().size(), 1u);
  EXPECT_EQ(library.problems()[0].path, "m/bad.mp3");
  EXPECT_EQ(library.problems()[0].reason, "no audio stream");
  EXPECT_EQ(library.progress().problems, 1u);
  EXPECT_EQ(library.progress().tracks, 1u);
  scanner_.probed.clear();
  library.rescan("/x/m");
  scanner_.answer_all();
  EXPECT_TRUE(scanner_.probed.empty()) << "reported once, not tried again until it changes";
  scanner_.broken.clear();
  library.rescan("/x/m");
  scanner_.answer_all();
  EXPECT_TRUE(library.problems().empty());
}

TEST_F(LibraryTest, AFileThatGoesWhileItIsProbedLeavesNoTrace) {
  scanner_.broken = {"/m/bad.mp3"};
  Library library = make();
  library.add_folder("/m");
  scanner_.answer_one();  // the walk; the probe is under way
  scanner_.broken.clear();
  library.rescan("/m");
  scanner_.answer_all();
  EXPECT_TRUE(library.problems().empty());
  EXPECT_FALSE(library.progress().scanning);
}

TEST_F(LibraryTest, AScanLastsUntilItsLastFileIsKnown) {
  scanner_.add("/m/a.mp3");
  scanner_.add("/m/b.mp3");
  Library library = make(2);
  library.add_folder("/m");
  while (library.tracks_in("/m").empty()) ASSERT_TRUE(scanner_.answer_one());
  EXPECT_TRUE(library.is_scanning("/m")) << "the other one is being read";
  while (library.tracks_in("/m").size() < 2) ASSERT_TRUE(scanner_.answer_one());
  EXPECT_FALSE(library.is_scanning("/m"));
}

TEST_F(LibraryTest, TheEndOfAScanIsTold) {
  scanner_.add("/m/a.mp3");
  scanner_.broken.insert("/m/z.mp3");
  Library library = make();
  library.add_folder("/m");
  while (library.is_scanning("/m")) {
    changes_.clear();
    ASSERT_TRUE(scanner_.answer_one());
  }
  EXPECT_EQ(changes_["/m"], 1) << "even where the last file is none";
}

TEST_F(LibraryTest, NestedFoldersShareTheirFiles) {
  scanner_.add("/m/sub/a.mp3");
  Library library = make();
  library.add_folder("/m");
  library.add_folder("/m/sub");
  scanner_.answer_all();
  EXPECT_EQ(scanner_.probed.size(), 1u);
  EXPECT_EQ(paths(library, "/m"), paths(library, "/m/sub"));
  EXPECT_GE(changes_["/m"], 1);
  EXPECT_GE(changes_["/m/sub"], 1);
}

TEST_F(LibraryTest, NeverProbesMoreAtOnceThanAllowed) {
  for (int i = 0; i < 20; ++i) scanner_.add("/m/" + std::to_string(i) + ".mp3");
  Library library = make(3);
  library.add_folder("/m");
  scanner_.answer_one();
  EXPECT_EQ(scanner_.probed.size(), 3u);
  scanner_.answer_one();
  EXPECT_EQ(scanner_.probed.size(), 4u);
}

TEST_F(LibraryTest, TheFirstTrackOfEveryFolderComesBeforeTheSecondOfAny) {
  for (int i = 0; i < 5; ++i) {
    scanner_.add("/a/" + std::to_string(i) + ".mp3");
    scanner_.add("/b/" + std::to_string(i) + ".mp3");
  }
  Library library = make();
  library.add_folder("/a");
  library.add_folder("/b");
  scanner_.answer_all();
  const auto first_b =
      std::ranges::find_if(scanner_.probed, [](const auto& p) { return p.starts_with("/b/"); });
  EXPECT_LE(first_b - scanner_.probed.begin(), 2);
}

}  // namespace
}  // namespace tutti::app
