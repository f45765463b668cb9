#include "storage/group_commit.h"

#include <filesystem>
#include <future>

#include <gtest/gtest.h>

namespace tutti::storage {
namespace {

class GroupCommitTest : public testing::Test {
 protected:
  GroupCommitTest() {
    folder_ = testing::TempDir() + "tutti-commit-" + std::to_string(::getpid()) + "-" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    auto db = Database::open(folder_ + "/x.sqlite");
    EXPECT_TRUE(db->execute("CREATE TABLE t (n INTEGER PRIMARY KEY)"));
    commit_ = std::make_unique<GroupCommit>(std::move(*db), "test");
  }
  ~GroupCommitTest() override {
    commit_.reset();
    std::filesystem::remove_all(folder_);
  }
  GroupCommit::Job insert(int n) {
    return {[n](Database& db) { return db.execute("INSERT INTO t VALUES (" + std::to_string(n) + ")"); },
            [this, n](const Result<void>& result) { (result ? stored_ : refused_).push_back(n); }};
  }
  // Holds the thread, so that what is posted meanwhile becomes one group.
  std::promise<void> hold() {
    std::promise<void> gate;
    auto opened = std::make_shared<std::future<void>>(gate.get_future());
    commit_->post({[opened](Database&) -> Result<void> {
                     opened->wait();
                     return {};
                   },
                   {}});
    return gate;
  }
  std::int64_t count() {
    auto rows = commit_->database().prepare("SELECT count(*) FROM t");
    EXPECT_TRUE(rows.step());
    return rows.integer(0);
  }

  std::string folder_;
  std::unique_ptr<GroupCommit> commit_;
  std::vector<int> stored_, refused_;
};

TEST_F(GroupCommitTest, StopCarriesOutWhatIsQueuedInOrder) {
  for (int n = 1; n <= 100; ++n) commit_->post(insert(n));
  commit_->stop();
  ASSERT_EQ(stored_.size(), 100u);
  EXPECT_TRUE(std::is_sorted(stored_.begin(), stored_.end()));
  EXPECT_EQ(count(), 100);
}

TEST_F(GroupCommitTest, OneThatFailsDoesNotTakeTheOthersAlong) {
  auto gate = hold();
  for (const int n : {1, 2, 1, 3}) commit_->post(insert(n));
  gate.set_value();
  commit_->stop();
  EXPECT_EQ(stored_, (std::vector{1, 2, 3}));
  EXPECT_EQ(refused_, std::vector{1});
  EXPECT_EQ(count(), 3);
}

TEST_F(GroupCommitTest, LaterIsNotNowAndNotAfterTheEnd) {
  std::promise<void> came;
  commit_->post_after(std::chrono::milliseconds(20), {[](Database&) { return Result<void>(); },
                                                      [&](const Result<void>&) { came.set_value(); }});
  commit_->post_after(std::chrono::hours(1), insert(7));
  came.get_future().wait();
  commit_->stop();
  EXPECT_EQ(count(), 0);
}

}  // namespace
}  // namespace tutti::storage
