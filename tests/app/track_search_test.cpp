#include "app/track_search.h"

#include "tests/fakes/fake_scanner.h"
#include "tests/fakes/fake_stores.h"

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using Files = std::vector<std::string>;
using namespace std::chrono_literals;

class TrackSearchTest : public testing::Test {
 protected:
  void add(const std::string& path, const std::string& title, const std::string& artist) {
    scanner_.add(path);
    scanner_.files[path].tags.title = title;
    scanner_.files[path].tags.artist = artist;
  }
  void scan() {
    library_.add_folder("/m");
    scanner_.answer_all();
    now_ = now_ + Duration(2s);
  }
  Files find(std::string_view words, std::size_t offset = 0, std::size_t limit = 100) {
    const auto page = search_.find(words, offset, limit, now_);
    total_ = page.total;
    Files files;
    for (const Track* track : page.tracks) files.push_back(file_name(*track));
    return files;
  }

  fakes::FakeTrackStore store_;
  fakes::FakeScanner scanner_;
  Library library_{store_, scanner_, 1, [](const std::string&) {}};
  TrackSearch search_{library_};
  ServerTime now_;
  std::size_t total_ = 0;
};

TEST_F(TrackSearchTest, FindsByWordsHoweverTheyAreCapitalised) {
  add("/m/1.mp3", "Cold Day", "macroform");
  add("/m/2.mp3", "Ёлка", "ПЕВЕЦ");
  add("/m/cold 3.mp3", "", "");
  scan();
  EXPECT_EQ(find("COLD"), (Files{"1.mp3", "cold 3.mp3"}));
  EXPECT_EQ(find(" day  Macro "), Files{"1.mp3"}) << "every word, in any field";
  EXPECT_EQ(find("елка певец"), Files{"2.mp3"});
  EXPECT_EQ(find("coldday"), Files{});
  EXPECT_EQ(find(""), (Files{"1.mp3", "2.mp3", "cold 3.mp3"}));
}

TEST_F(TrackSearchTest, Pages) {
  for (int i = 10; i < 30; ++i) add("/m/" + std::to_string(i) + ".mp3", "x", "");
  scan();
  EXPECT_EQ(find("x", 5, 2), (Files{"15.mp3", "16.mp3"}));
  EXPECT_EQ(total_, 20u);
  EXPECT_EQ(find("x", 19, 5), Files{"29.mp3"});
  EXPECT_EQ(find("x", 100, 5), Files{});
}

TEST_F(TrackSearchTest, FollowsTheLibrary) {
  add("/m/1.mp3", "old", "");
  scan();
  EXPECT_EQ(find("old"), Files{"1.mp3"});
  add("/m/2.mp3", "old", "");
  scanner_.files["/m/1.mp3"].tags.title = "new";
  scanner_.files["/m/1.mp3"].file.mtime_ns = 99;
  scan();
  EXPECT_EQ(find("old"), Files{"2.mp3"});
  EXPECT_EQ(find("new"), Files{"1.mp3"});
  scanner_.files.erase("/m/2.mp3");
  scan();
  EXPECT_EQ(find("old"), Files{});
}

}  // namespace
}  // namespace tutti::app
