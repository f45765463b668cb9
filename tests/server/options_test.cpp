#include "server/options.h"

#include "server/station_plan.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

namespace tutti::server {
namespace {

namespace fs = std::filesystem;

class OptionsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "tutti-options-" + std::to_string(::getpid()) + "-" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::create_directories(folder_ + "/a");
    fs::create_directories(folder_ + "/b");
  }
  void TearDown() override {
    fs::remove_all(folder_);
    ::unsetenv("BUFFER_SIZE");
    ::unsetenv("TUTTI_BITRATE");
  }

  Result<ServeOptions> parse(std::vector<std::string> arguments) {
    ServeOptions options;
    CLI::App app;
    add_serve_options(app, options);
    std::ranges::reverse(arguments);
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError& e) {
      return fail(e.what());
    }
    return read_config(app, options).map([&] { return options; });
  }

  std::string config(const std::string& text) {
    std::ofstream(folder_ + "/tutti.toml") << text;
    return folder_ + "/tutti.toml";
  }

  // {"route": {folders}} or the error.
  static std::string plan(const ServeOptions& options) {
    const auto stations = plan_stations(options);
    if (!stations) return stations.error().message;
    std::ostringstream out;
    for (const auto& station : *stations) {
      out << station.route << "=";
      for (const auto& folder : station.folders) out << fs::path(folder).filename().string() << " ";
    }
    return out.str();
  }

  std::string folder_;
};

TEST_F(OptionsTest, AFlagWinsOverAVariableOverTheFileOverTheDefault) {
  const std::string file =
      config("buffer-size = 100000\nbitrate = 96000\nport = 8001\nflush-interval = 250\n");
  ::setenv("BUFFER_SIZE", "200000", 1);
  ::setenv("TUTTI_BITRATE", "192000", 1);
  const auto options = parse({"--config", file, "--bitrate", "320000"});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->bitrate, 320000) << "flag";
  EXPECT_EQ(options->buffer_size, 200000) << "variable";
  EXPECT_EQ(options->port, 8001) << "file";
  EXPECT_EQ(options->burst_seconds, 4) << "default";
}

TEST_F(OptionsTest, AConfigFileIsHeldToTheSameRules) {
  EXPECT_FALSE(parse({"--config", "/nonexistent"}));
  EXPECT_FALSE(parse({"--config", config("no-such-option = 1\n")}));
  EXPECT_FALSE(parse({"--config", config("bitrate = 12345\n")}));
  const auto folders = parse({"--config", config("folders = [\"/x\", \"/y z\"]\n")});
  ASSERT_TRUE(folders) << folders.error().message;
  EXPECT_EQ(folders->folders, (std::vector<std::string>{"/x", "/y z"}));
}

TEST_F(OptionsTest, WrongValuesAreRefused) {
  EXPECT_FALSE(parse({"--bitrate", "1"}));
  EXPECT_FALSE(parse({"--port", "70000"}));
  EXPECT_FALSE(parse({"--port", "x"}));
  EXPECT_FALSE(parse({"--buffer-size", "1"}));
  EXPECT_FALSE(parse({"--nonsense"}));
}

TEST_F(OptionsTest, StationsArePlannedFromFoldersAndRoutes) {
  ServeOptions options;
  options.folders = {folder_ + "/a", folder_ + "/b/"};
  EXPECT_EQ(plan(options), "/=a b ");
  options.stream_routes = "/,/humor";
  options.directory_routes = R"({"humor":")" + folder_ + R"(/b"})";
  EXPECT_EQ(plan(options), "/=a b /humor=b ");
  options.folders.clear();
  options.stream_routes = "/";
  EXPECT_EQ(plan(options), "/humor=b ") << "only the routes that have a folder";
  options.audio_dir = folder_ + "/a";
  options.audio_dir_given = true;
  EXPECT_EQ(plan(options), "/=a /humor=b ");
}

TEST_F(OptionsTest, WhatCannotBePlannedIsSaidInWords) {
  ServeOptions options;
  options.audio_dir = folder_ + "/missing";
  EXPECT_EQ(plan(options), "name a folder with audio files, as in: tutti serve ~/Music");
  options.folders = {folder_ + "/missing"};
  EXPECT_NE(plan(options).find("cannot find the folder"), std::string::npos);
  options.folders = {folder_ + "/a"};
  options.stream_routes = "/streams";
  EXPECT_NE(plan(options).find("server's own paths"), std::string::npos);
  options.stream_routes = "/";
  options.directory_routes = "{";
  EXPECT_NE(plan(options).find("--directory-routes"), std::string::npos);
  options.directory_routes.clear();
  options.stream_mode = "both";
  EXPECT_NE(plan(options).find("'radio' or 'individual'"), std::string::npos);
  options.stream_mode = "radio";
  options.individual = "/none";
  EXPECT_NE(plan(options).find("there is no station /none"), std::string::npos);
  options.individual.clear();
  config("x");
  options.stream_mode = "radio";
  options.folders = {folder_ + "/tutti.toml"};
  EXPECT_NE(plan(options).find("is not a folder"), std::string::npos);
}

TEST_F(OptionsTest, HomeIsExpanded) {
  ::setenv("HOME", folder_.c_str(), 1);
  EXPECT_EQ(find_folder("~/a").value(), fs::canonical(folder_ + "/a").string());
  EXPECT_EQ(find_folder("~").value(), fs::canonical(folder_).string());
}

TEST_F(OptionsTest, EveryOptionIsDocumentedWithItsVariable) {
  ServeOptions options;
  CLI::App app;
  add_serve_options(app, options);
  std::ifstream file(TUTTI_SOURCE_DIR "/docs/options.md");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty() || option->get_lnames()[0] == "help") continue;
    EXPECT_NE(text.find("`--" + option->get_lnames()[0] + "`"), std::string::npos) << option->get_lnames()[0];
    EXPECT_NE(text.find("`" + option->get_envname() + "`"), std::string::npos) << option->get_envname();
    EXPECT_FALSE(option->get_envname().empty()) << option->get_lnames()[0];
  }
}

}  // namespace
}  // namespace tutti::server
