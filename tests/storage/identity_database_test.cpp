#include "storage/identity_database.h"

#include "storage/sqlite_store.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace tutti::storage {
namespace {

using namespace std::chrono_literals;
using app::Role;

class IdentityDatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "tutti-identity-" + std::to_string(::getpid()) + "-" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    store_ = open();
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string path() const { return folder_ + "/tutti.sqlite"; }
  std::unique_ptr<IdentityDatabase> open() const {
    auto store = IdentityDatabase::open(path());
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }
  static WallTime at(Duration t) { return {t}; }
  static app::Session session(const std::string& secret, const std::string& user, Duration expires) {
    app::Session out;
    out.digest = digest_of(secret);
    out.user = user;
    out.created = at(1s);
    out.expires = at(expires);
    out.address = "192.0.2.1";
    out.agent = "Browser";
    return out;
  }

  std::string folder_;
  std::unique_ptr<IdentityDatabase> store_;
};

TEST_F(IdentityDatabaseTest, UsersComeBackAsTheyWere) {
  EXPECT_TRUE(store_->add_user({"анна", {Role::listener, Role::source}, "$hash", at(5s)}).value());
  EXPECT_FALSE(store_->add_user({"анна", {Role::operator_}, "$other", at(6s)}).value())
      << "the name is taken";
  const auto user = open()->find_user("анна").value().value();
  EXPECT_EQ(user.name, "анна");
  EXPECT_EQ(user.roles, (app::Roles{Role::listener, Role::source}));
  EXPECT_EQ(user.password_hash, "$hash");
  EXPECT_EQ(user.created, at(5s));
  EXPECT_FALSE(store_->find_user("Анна").value());
  EXPECT_EQ(store_->users().value().size(), 1u);
}

TEST_F(IdentityDatabaseTest, AnOperatorIsOneWhoCanSignIn) {
  EXPECT_FALSE(store_->has_operator().value());
  store_->add_user({"anna", {Role::listener}, "$h", {}}).value();
  store_->add_user({"operator", {Role::operator_}, "", {}}).value();
  EXPECT_FALSE(store_->has_operator().value());
  EXPECT_TRUE(store_->set_password("operator", "$h").value());
  EXPECT_TRUE(store_->has_operator().value());
  EXPECT_FALSE(store_->set_password("nobody", "$h").value());
}

TEST_F(IdentityDatabaseTest, SessionsEnd) {
  store_->add_user({"anna", {Role::conductor}, "$h", {}}).value();
  ASSERT_TRUE(store_->add_session(session("a", "anna", 100s)));
  ASSERT_TRUE(store_->add_session(session("b", "anna", 200s)));
  const auto found = store_->find_session(digest_of("a"), at(99s)).value().value();
  EXPECT_EQ(found.user, "anna");
  EXPECT_EQ(found.roles, app::Roles{Role::conductor}) << "those of the user";
  EXPECT_EQ(found.agent, "Browser");
  EXPECT_FALSE(store_->find_session(digest_of("a"), at(100s)).value()) << "expired";
  EXPECT_FALSE(store_->find_session(digest_of("c"), at(9s)).value()) << "unknown";
  ASSERT_TRUE(store_->extend_session(digest_of("a"), at(300s)));
  EXPECT_TRUE(store_->find_session(digest_of("a"), at(299s)).value());
  EXPECT_EQ(store_->sessions_of("anna", at(1s)).value().size(), 2u);
  ASSERT_TRUE(store_->end_session(digest_of("a")));
  EXPECT_FALSE(store_->find_session(digest_of("a"), at(1s)).value());
  const auto id = store_->sessions_of("anna", at(1s)).value().at(0).id;
  EXPECT_FALSE(store_->end_session_of("bert", id).value()) << "not his";
  EXPECT_TRUE(store_->end_session_of("anna", id).value());
  EXPECT_FALSE(store_->end_session_of("anna", id).value());
}

TEST_F(IdentityDatabaseTest, ANewPasswordAndTheUsersEndTakeTheSessionsAlong) {
  store_->add_user({"anna", {}, "$h", {}}).value();
  ASSERT_TRUE(store_->add_session(session("a", "anna", 100s)));
  store_->set_password("anna", "$new").value();
  EXPECT_FALSE(store_->find_session(digest_of("a"), at(1s)).value());
  ASSERT_TRUE(store_->add_session(session("b", "anna", 100s)));
  const auto id = store_->add_token({0, digest_of("t"), "anna", "script", at(1s), {}}).value();
  EXPECT_GT(id, 0);
  auto elsewhere = open();
  EXPECT_TRUE(elsewhere->remove_user("anna").value());
  EXPECT_FALSE(elsewhere->remove_user("anna").value());
  EXPECT_FALSE(store_->find_session(digest_of("b"), at(1s)).value()) << "seen by the other connection";
  EXPECT_FALSE(store_->find_token(digest_of("t"), at(1s)).value());
  // Somebody new of the same name is somebody new.
  store_->add_user({"anna", {}, "$h", {}}).value();
  EXPECT_FALSE(store_->find_session(digest_of("b"), at(1s)).value());
  EXPECT_FALSE(store_->find_token(digest_of("t"), at(1s)).value());
}

TEST_F(IdentityDatabaseTest, OutsideUsersHaveTheRolesOfTheirSession) {
  auto outside = session("a", "guest", 100s);
  outside.is_outside = true;
  outside.roles = {Role::listener};
  ASSERT_TRUE(store_->add_session(outside));
  EXPECT_EQ(store_->find_session(digest_of("a"), at(1s)).value()->roles, app::Roles{Role::listener});
  // One of ours without a row in the users is nobody.
  ASSERT_TRUE(store_->add_session(session("b", "guest", 100s)));
  EXPECT_FALSE(store_->find_session(digest_of("b"), at(1s)).value());
}

TEST_F(IdentityDatabaseTest, AUserHasFiftySessionsAtMostAndExpiredOnesAreForgotten) {
  store_->add_user({"anna", {}, "$h", {}}).value();
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(store_->add_session(session(std::to_string(i), "anna", 100s)));
  const auto kept = store_->sessions_of("anna", at(1s)).value();
  ASSERT_EQ(kept.size(), 50u);
  EXPECT_EQ(kept.front().digest, digest_of("10"));
  auto late = session("late", "anna", 300s);
  late.created = at(200s);
  ASSERT_TRUE(store_->add_session(late));
  EXPECT_EQ(store_->sessions_of("anna", at(1s)).value().size(), 1u);
}

TEST_F(IdentityDatabaseTest, TokensExpireAndAreRevoked) {
  store_->add_user({"anna", {Role::source}, "$h", {}}).value();
  const auto id = store_->add_token({0, digest_of("t"), "anna", "script", at(1s), at(50s)}).value();
  store_->add_token({0, digest_of("u"), "anna", "", at(1s), {}}).value();
  EXPECT_EQ(store_->find_token(digest_of("t"), at(49s)).value()->roles, app::Roles{Role::source});
  EXPECT_FALSE(store_->find_token(digest_of("t"), at(50s)).value());
  EXPECT_TRUE(store_->find_token(digest_of("u"), at(1'000'000s)).value());
  const auto tokens = store_->tokens().value();
  ASSERT_EQ(tokens.size(), 2u);
  EXPECT_EQ(tokens[0].name, "script");
  EXPECT_EQ(tokens[0].expires, at(50s));
  EXPECT_EQ(tokens[1].expires, std::nullopt);
  EXPECT_TRUE(store_->remove_token(id).value());
  EXPECT_FALSE(store_->remove_token(id).value());
  EXPECT_FALSE(store_->find_token(digest_of("t"), at(2s)).value());
  EXPECT_FALSE(store_->add_token({0, digest_of("v"), "nobody", "", at(1s), {}})) << "no such user";
}

// A server has two connections; the commands are other processes, which must neither miss nor undo anything.
TEST_F(IdentityDatabaseTest, OtherProcessesSeeAndAreSeen) {
  auto library = SqliteStore::open(path());
  ASSERT_TRUE(library);
  auto users = open();
  store_.reset();
  ASSERT_TRUE(users->add_user({"anna", {}, "$h", {}}).value());
  ASSERT_TRUE(users->add_session(session("a", "anna", 100s)));
  const pid_t child = ::fork();
  if (child == 0) {
    auto own = IdentityDatabase::open(path());
    const bool sees = own && (*own)->find_session(digest_of("a"), at(1s)).value().has_value();
    const bool changes = own && (*own)->set_password("anna", "$new").value();
    own->reset();
    ::_exit(sees && changes ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(users->find_session(digest_of("a"), at(1s)).value());
  EXPECT_EQ(users->find_user("anna").value()->password_hash, "$new");
  (*library)->save_programme("/", {});
  library->reset();
  users.reset();
  EXPECT_EQ(open()->find_user("anna").value()->password_hash, "$new");
}

TEST_F(IdentityDatabaseTest, TheFileIsItsOwnersOnly) {
  store_->add_user({"anna", {}, "$h", {}}).value();
  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
    const auto mode = std::filesystem::status(file).permissions();
    EXPECT_EQ(mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
              std::filesystem::perms::none)
        << file.path();
  }
}

// The state of version 0.1 had programmes and tracks only.
TEST_F(IdentityDatabaseTest, AnOlderFileIsBroughtUpToDate) {
  store_.reset();
  sqlite3* db = nullptr;
  sqlite3_open(path().c_str(), &db);
  sqlite3_exec(
      db,
      "DROP TABLE user; DROP TABLE session; DROP TABLE token; DROP TABLE client; DROP TABLE server;"
      "DROP TABLE private_group;"
      "DROP TABLE walk_cue; DROP TABLE walk_live; DROP TABLE walk_message; DROP TABLE walk;"
      "DROP TABLE walk_event;"
      "ALTER TABLE programme DROP COLUMN shuffled; ALTER TABLE track DROP COLUMN album_artist;"
      "INSERT INTO programme VALUES ('/old', 7, 44100, 1, 2, NULL, NULL, 3); PRAGMA user_version = 1",
      nullptr, nullptr, nullptr);
  sqlite3_close(db);
  auto programmes = SqliteStore::open(path());
  ASSERT_TRUE(programmes) << programmes.error().message;
  const auto loaded = (*programmes)->load_programmes().value();
  ASSERT_TRUE(loaded.contains("/old"));
  EXPECT_EQ(loaded.at("/old").order, std::nullopt);
  EXPECT_TRUE(open()->add_user({"anna", {}, "$h", {}}).value());
}

}  // namespace
}  // namespace tutti::storage
