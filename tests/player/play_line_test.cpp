#include "player/play_line.h"

#include "player/volume.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace tutti::player {
namespace {

PlayNews news() {
  PlayNews it;
  it.now.server = "Server";
  it.now.group = "/humor";
  it.now.title = "Song";
  it.now.artist = "Somebody";
  it.now.is_playing = true;
  it.now.at = ServerTime{std::chrono::seconds(100)};
  it.now.progress = protocol::sendspin::Progress{std::chrono::milliseconds(60'000),
                                                 std::chrono::milliseconds(200'000), 1000};
  it.format = {protocol::sendspin::AudioCodec::flac, 44'100, 2, 16};
  it.volume = 80;
  it.uncertainty = Duration(40);
  return it;
}

SyncStatus status() {
  SyncStatus it;
  it.is_playing = true;
  it.heard = std::chrono::seconds(105);
  it.error = Micros(-12);
  it.ahead = Duration(9'800'000);
  return it;
}

TEST(PlayLine, TellsWhatPlaysAndHowWell) {
  EXPECT_EQ(
      play_line(news(), status(), "Speakers"),
      "Song · Somebody · 1:05 / 3:20 · flac 44.1 kHz stereo 16 bit · 9.8 s ahead · sync -0.01 ms ± 0.04 · "
      "volume 80 → Speakers");
}

TEST(PlayLine, TellsWhatIsNotAsItShouldBe) {
  PlayNews silent = news();
  silent.now.title = silent.now.artist = "";
  silent.now.progress.reset();
  silent.is_muted = true;
  SyncStatus starved = status();
  starved.is_playing = false;
  starved.starved = 2;
  EXPECT_EQ(play_line(silent, starved, "null"), "/humor · waiting for sound · 2 dropouts · muted → null");
  silent.now.is_playing = false;
  EXPECT_EQ(play_line(silent, SyncStatus{}, "null"), "/humor · nothing is played · muted → null");
}

TEST(PlayLine, WhatServersSayCannotWriteToTheTerminal) {
  PlayNews evil = news();
  evil.now.title = "\x1b[2J\r" + std::string(1'000, 'x');
  const std::string line = play_line(evil, status(), "\x1b]0;x\x07");
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
  EXPECT_EQ(line.find('\r'), std::string::npos);
  EXPECT_LT(line.size(), 300u);
}

TEST(PlayLine, ReportsAreJson) {
  const auto report = boost::json::parse(report_line(news(), status())).as_object();
  EXPECT_EQ(report.at("title"), "Song");
  EXPECT_EQ(report.at("ahead"), 9'800'000);
  EXPECT_EQ(report.at("codec"), "flac");
  EXPECT_TRUE(report.at("playing").as_bool());
}

TEST(Volume, HalfTheNumberSoundsHalfAsLoud) {
  EXPECT_FLOAT_EQ(amplitude_of(100), 1);
  EXPECT_FLOAT_EQ(amplitude_of(0), 0);
  EXPECT_FLOAT_EQ(amplitude_of(250), 1);
  for (const int volume : {20, 50, 100}) {
    const double ratio =
        static_cast<double>(amplitude_of(volume / 2)) / static_cast<double>(amplitude_of(volume));
    EXPECT_NEAR(ratio * ratio, 0.1, 1e-4);
  }
}

}  // namespace
}  // namespace tutti::player
