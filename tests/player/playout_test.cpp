#include "player/playout.h"

#include <atomic>
#include <chrono>
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

using Bytes = std::vector<std::uint8_t>;

const PcmFormat kFormat =
    pcm_format(1'000, 2, SampleFormat::s16);  // 4 bytes a frame, one frame a millisecond
constexpr Duration kPrebuffer{100'000};       // 100 frames

Bytes frames(std::size_t count, std::uint8_t first = 1) {
  Bytes bytes(count * 4);
  std::iota(bytes.begin(), bytes.end(), first);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(byte | 1u);  // never silence
  return bytes;
}

Bytes render(Playout& playout, std::size_t count) {
  Bytes out(count * 4, 0xEE);
  playout.render(out);
  return out;
}

TEST(Playout, IsSilentUntilEnoughIsThere) {
  Playout playout(kFormat, kPrebuffer);
  const Bytes sound = frames(100);
  EXPECT_EQ(playout.write(std::span(sound).first(99 * 4)), 99u * 4);
  EXPECT_EQ(render(playout, 10), Bytes(40, 0));
  EXPECT_EQ(playout.status().played, 0);
  EXPECT_EQ(playout.status().buffered, 99);
  EXPECT_EQ(playout.status().dropouts, 0) << "a beginning is no dropout";
  EXPECT_EQ(playout.write(std::span(sound).subspan(99 * 4)), 4u);
  EXPECT_EQ(render(playout, 10), Bytes(sound.begin(), sound.begin() + 40));
  EXPECT_EQ(playout.status().played, 10);
  EXPECT_EQ(playout.status().buffered, 90);
}

TEST(Playout, ADropoutIsCountedOnceAndGathersAnew) {
  Playout playout(kFormat, kPrebuffer);
  const Bytes sound = frames(100);
  playout.write(sound);
  render(playout, 95);
  Bytes expected(sound.end() - 20, sound.end());
  expected.resize(80, 0);
  EXPECT_EQ(render(playout, 20), expected) << "what there is, then silence";
  EXPECT_EQ(playout.status().dropouts, 1);
  playout.write(std::span(sound).first(200));
  EXPECT_EQ(render(playout, 20), Bytes(80, 0)) << "half of what is wanted";
  playout.write(std::span(sound).first(200));
  EXPECT_EQ(render(playout, 1), Bytes(sound.begin(), sound.begin() + 4));
  EXPECT_EQ(playout.status().dropouts, 1);
  EXPECT_EQ(playout.status().played, 101);
}

TEST(Playout, TheEndIsPlayedHoweverShort) {
  Playout playout(kFormat, kPrebuffer);
  const Bytes sound = frames(3);
  playout.write(sound);
  EXPECT_EQ(render(playout, 2), Bytes(8, 0));
  playout.end();
  EXPECT_FALSE(playout.drained());
  EXPECT_EQ(render(playout, 2), Bytes(sound.begin(), sound.begin() + 8));
  Bytes expected(sound.begin() + 8, sound.end());
  expected.resize(8, 0);
  EXPECT_EQ(render(playout, 2), expected);
  EXPECT_TRUE(playout.drained());
  EXPECT_EQ(render(playout, 2), Bytes(8, 0));
  EXPECT_EQ(playout.status().dropouts, 0) << "an end is no dropout";
  EXPECT_EQ(playout.status().played, 3);
}

TEST(Playout, TakesWholeFramesWhileThereIsRoom) {
  Playout playout(pcm_format(1'000, 1, SampleFormat::s24), Duration(0));
  const Bytes sound(3 * 2000, 7);
  const std::size_t taken = playout.write(sound);
  EXPECT_GT(taken, 0u);
  EXPECT_LT(taken, sound.size()) << "memory is bounded";
  EXPECT_EQ(taken % 3, 0u);
  EXPECT_EQ(playout.write(sound), 0u);
}

TEST(Playout, WithoutPrebufferTheFirstFrameSounds) {
  Playout playout(kFormat, Duration(0));
  EXPECT_EQ(render(playout, 1), Bytes(4, 0));
  const Bytes sound = frames(1);
  playout.write(sound);
  EXPECT_EQ(render(playout, 1), sound);
}

TEST(Playout, SilenceOfUnsignedSamplesIsTheirMiddle) {
  Playout playout(pcm_format(1'000, 1, SampleFormat::u8), kPrebuffer);
  Bytes out(4);
  playout.render(out);
  EXPECT_EQ(out, Bytes(4, 0x80));
}

// The bringing and the audio thread at full speed: what is heard, silence left out, is what was written.
TEST(Playout, LosesNothingBetweenThreads) {
  Playout playout(kFormat, Duration(20'000));
  constexpr std::size_t kFrames = 60'000;
  const Bytes sound = frames(kFrames);
  Bytes heard;
  std::thread audio([&] {
    Bytes out(64 * 4);
    while (!playout.drained()) {
      playout.render(out);
      for (const std::uint8_t byte : out) {
        if (byte != 0) heard.push_back(byte);
      }
      std::this_thread::yield();
    }
  });
  for (std::size_t at = 0; at < sound.size();) {
    const std::size_t taken =
        playout.write(std::span(sound).subspan(at, std::min<std::size_t>(400, sound.size() - at)));
    if (taken == 0) std::this_thread::yield();
    at += taken;
  }
  playout.end();
  audio.join();
  EXPECT_EQ(heard, sound);
  EXPECT_EQ(playout.status().played, static_cast<Frames>(kFrames));
}

}  // namespace
}  // namespace tutti::player
