#include "player/output.h"

#include "player/wav_header.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

using Bytes = std::vector<std::uint8_t>;

class OutputTest : public testing::Test {
 protected:
  OutputTest()
      : folder_(std::filesystem::temp_directory_path() / ("tutti-output-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~OutputTest() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  Bytes content(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path folder_;
};

Bytes after(Bytes header, const Bytes& samples) {
  header.insert(header.end(), samples.begin(), samples.end());
  return header;
}

TEST_F(OutputTest, AWavFileIsItsHeaderAndTheSamples) {
  for (const SampleFormat sample :
       {SampleFormat::s16, SampleFormat::s24, SampleFormat::s32, SampleFormat::f32}) {
    const PcmFormat format = pcm_format(44'100, 2, sample);
    const Bytes samples(frame_bytes(format) * 1000, 0x5A);
    auto output = make_output({path("a.WAV"), {}});
    ASSERT_TRUE(output) << output.error().message;
    EXPECT_FALSE((*output)->is_paced());
    ASSERT_TRUE((*output)->open(format));
    EXPECT_EQ(content("a.WAV"), wav_header(format, 0)) << "whole at any time";
    EXPECT_EQ((*output)->write(samples), samples.size());
    EXPECT_EQ((*output)->write(samples), samples.size());
    EXPECT_EQ((*output)->status().played, 2000);
    (*output)->end();
    EXPECT_TRUE((*output)->drained());
    ASSERT_TRUE((*output)->close());
    EXPECT_EQ(content("a.WAV"), after(after(wav_header(format, 2 * samples.size()), samples), samples));
  }
}

TEST_F(OutputTest, TheHeaderOfALongRecordingIsTrueWhileItGoesOn) {
  const PcmFormat format = pcm_format(44'100, 2, SampleFormat::s16);
  auto output = make_output({path("long.wav"), {}});
  ASSERT_TRUE(output && (*output)->open(format));
  const Bytes samples(3 << 20, 1);
  ASSERT_TRUE((*output)->write(samples));
  ASSERT_TRUE((*output)->write(Bytes(4, 2)));
  EXPECT_EQ(content("long.wav"), after(after(wav_header(format, samples.size()), samples), Bytes(4, 2)));
}

TEST_F(OutputTest, AnOddNumberOfBytesIsPadded) {
  const PcmFormat format = pcm_format(8'000, 1, SampleFormat::u8);
  auto output = make_output({path("odd.wav"), {}});
  ASSERT_TRUE(output && (*output)->open(format));
  ASSERT_TRUE((*output)->write(Bytes(3, 0x80)));
  ASSERT_TRUE((*output)->close());
  EXPECT_EQ(content("odd.wav"), after(after(wav_header(format, 3), Bytes(3, 0x80)), Bytes(1, 0)));
}

TEST_F(OutputTest, WhatCannotBeWrittenIsSaidBeforeAnythingIsHeard) {
  for (const std::string& name : {path("no/such/folder/a.wav"), path("song.mp3"), path("song.flac")}) {
    const auto output = make_output({name, {}});
    ASSERT_FALSE(output) << name;
    EXPECT_NE(output.error().message.find(name), std::string::npos) << output.error().message;
  }
  std::filesystem::create_directory(path("folder.wav"));
  EXPECT_FALSE(make_output({path("folder.wav"), {}}));
  EXPECT_FALSE(make_output({"no such device of this name", {}}));
}

TEST_F(OutputTest, NobodysDevicePlaysAtThePaceOfTheClock) {
  const PcmFormat format = pcm_format(8'000, 1, SampleFormat::s16);
  auto output = make_output({"null", Duration(50'000)});
  ASSERT_TRUE(output);
  EXPECT_TRUE((*output)->is_paced());
  EXPECT_EQ((*output)->status().played, 0);
  ASSERT_TRUE((*output)->open(format));
  const auto begin = std::chrono::steady_clock::now();
  Bytes samples(8'000, 1);  // half a second
  for (std::span<const std::uint8_t> rest = samples; !rest.empty();) {
    const auto taken = (*output)->write(rest);
    ASSERT_TRUE(taken);
    rest = rest.subspan(*taken);
    if (!rest.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  (*output)->end();
  while (!(*output)->drained()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(490));
  EXPECT_EQ((*output)->status().played, 4'000);
  ASSERT_TRUE((*output)->close());
  ASSERT_TRUE((*output)->open(pcm_format(48'000, 2, SampleFormat::f32))) << "another stream";
  EXPECT_EQ((*output)->status().played, 0);
}

}  // namespace
}  // namespace tutti::player
