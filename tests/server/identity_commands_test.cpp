#include "server/identity_commands.h"

#include "storage/identity_database.h"

#include <filesystem>
#include <iostream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

namespace tutti::server {
namespace {

using namespace std::chrono_literals;

TEST(Lifetime, IsATimeOrNever) {
  EXPECT_EQ(parse_lifetime("30d").value(), 30 * 24h);
  EXPECT_EQ(parse_lifetime("12h").value(), 12h);
  EXPECT_EQ(parse_lifetime("15m").value(), 15min);
  EXPECT_EQ(parse_lifetime("never").value(), std::nullopt);
  for (const auto* text :
       {"", "30", "d", "0d", "-1d", "1.5d", "30 d", "30dd", "36501d", "99999999999999999999d"}) {
    EXPECT_FALSE(parse_lifetime(text)) << text;
  }
}

class IdentityCommandsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "tutti-commands-" + std::to_string(::getpid()) + "-" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Exit code of `tutti ARGUMENTS… --state-dir …` with `input` on stdin; what it printed is in `out_`.
  int run(const std::vector<std::string>& arguments, const std::string& input = "") {
    CLI::App app;
    IdentityCommands commands;
    commands.add_to(app);
    std::vector<std::string> all = arguments;
    all.insert(all.end(), {"--state-dir", folder_});
    std::ranges::reverse(all);
    std::istringstream in(input);
    std::ostringstream out, err;
    auto* const real_in = std::cin.rdbuf(in.rdbuf());
    auto* const real_out = std::cout.rdbuf(out.rdbuf());
    auto* const real_err = std::cerr.rdbuf(err.rdbuf());
    int code = -1;
    try {
      app.parse(all);
      code = commands.run();
    } catch (const CLI::ParseError&) {
      code = 2;
    }
    std::cin.clear();
    std::cin.rdbuf(real_in);
    std::cout.rdbuf(real_out);
    std::cerr.rdbuf(real_err);
    out_ = out.str();
    err_ = err.str();
    return code;
  }
  std::unique_ptr<storage::IdentityDatabase> store() const {
    return std::move(storage::IdentityDatabase::open(folder_ + "/tutti.sqlite").value());
  }

  std::string folder_, out_, err_;
};

TEST_F(IdentityCommandsTest, Users) {
  EXPECT_EQ(run({"user", "add", "anna", "--role", "operator"}, "a good password\n"), 0) << err_;
  EXPECT_EQ(run({"user", "add", "anna", "--role", "listener"}, "a good password\n"), 1);
  EXPECT_EQ(run({"user", "add", "bert", "--role", "listener,source"}, "short\n"), 1);
  EXPECT_NE(err_.find("at least 8"), std::string::npos) << err_;
  EXPECT_EQ(run({"user", "add", "bert", "--role", "listener,source"}, ""), 1) << "no password";
  EXPECT_EQ(run({"user", "add", "bert", "--role", "listener,source"}, "another password\n"), 0);
  EXPECT_EQ(run({"user", "add", "c", "--role", "admin"}, "another password\n"), 2);
  EXPECT_EQ(run({"user", "add", "a:b", "--role", "listener"}, "another password\n"), 2);
  EXPECT_EQ(run({"user", "list"}), 0);
  EXPECT_NE(out_.find("listener,source"), std::string::npos) << out_;
  EXPECT_EQ(out_.find("$argon2"), std::string::npos);
  const auto before = store()->find_user("anna").value()->password_hash;
  EXPECT_TRUE(verify_password(before, "a good password"));
  EXPECT_EQ(run({"user", "passwd", "anna"}, "a better password\n"), 0);
  EXPECT_TRUE(verify_password(store()->find_user("anna").value()->password_hash, "a better password"));
  EXPECT_EQ(run({"user", "passwd", "nobody"}, "a better password\n"), 1);
  EXPECT_EQ(run({"user", "remove", "anna"}), 0);
  EXPECT_EQ(run({"user", "remove", "anna"}), 1);
}

TEST_F(IdentityCommandsTest, Tokens) {
  EXPECT_EQ(run({"token", "create", "--user", "anna"}), 1) << "no such user";
  ASSERT_EQ(run({"user", "add", "anna", "--role", "source"}, "a good password\n"), 0);
  ASSERT_EQ(run({"token", "create", "--user", "anna", "--name", "studio", "--expires", "1h"}), 0) << err_;
  const std::string secret = out_.substr(0, out_.find('\n'));
  EXPECT_TRUE(secret.starts_with("tutti_"));
  EXPECT_EQ(out_, secret + "\n") << "nothing else, so that scripts can take it";
  const WallTime now{
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())};
  EXPECT_TRUE(store()->find_token(digest_of(secret), now).value());
  EXPECT_FALSE(store()->find_token(digest_of(secret), {now.since_unix_epoch + 61min}).value());
  EXPECT_EQ(run({"token", "list"}), 0);
  EXPECT_NE(out_.find("studio"), std::string::npos);
  EXPECT_EQ(out_.find(secret), std::string::npos);
  EXPECT_EQ(run({"token", "create", "--user", "anna", "--expires", "soon"}), 2);
  EXPECT_EQ(run({"token", "revoke", "1"}), 0);
  EXPECT_EQ(run({"token", "revoke", "1"}), 1);
  EXPECT_FALSE(store()->find_token(digest_of(secret), now).value());
}

}  // namespace
}  // namespace tutti::server
