#include "protocol/mpeg_frame.h"

#include "protocol/audio_chunks.h"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A frame of MPEG-1 layer III at 44.1 kHz, stereo; without padding, filled with `fill`.
Bytes frame(std::uint8_t bitrate_index = 9, bool padded = false, std::uint8_t fill = 0x55) {
  const Bytes head{0xFF, 0xFB, static_cast<std::uint8_t>(bitrate_index << 4 | (padded ? 2 : 0)), 0x00};
  Bytes out(parse_mpeg_frame(head)->size, fill);
  std::ranges::copy(head, out.begin());
  return out;
}

Bytes tag(std::size_t body) {
  Bytes out{'I', 'D', '3', 4, 0, 0};
  for (int shift = 21; shift >= 0; shift -= 7) out.push_back(static_cast<std::uint8_t>(body >> shift & 0x7F));
  // What looks like frames in a tag (in a cover, say) is not music.
  while (out.size() < kId3Header + body) out.push_back(out.size() % 2 ? 0xFB : 0xFF);
  return out;
}

void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

TEST(MpegFrame, HeadersOfEveryKind) {
  struct Case {
    Bytes head;
    int layer, bitrate, rate, channels, samples;
    std::size_t size;
  };
  const std::vector<Case> cases{
      {{0xFF, 0xFB, 0x90, 0x00}, 3, 128'000, 44100, 2, 1152, 417},  // the usual one
      {{0xFF, 0xFB, 0x92, 0xC0}, 3, 128'000, 44100, 1, 1152, 418},  // padded, mono
      {{0xFF, 0xFB, 0xE4, 0x40}, 3, 320'000, 48000, 2, 1152, 960},  // joint stereo
      {{0xFF, 0xF3, 0x80, 0x00}, 3, 64'000, 22050, 2, 576, 208},    // MPEG 2
      {{0xFF, 0xE3, 0x18, 0xC0}, 3, 8'000, 8000, 1, 576, 72},       // MPEG 2.5
      {{0xFF, 0xFD, 0xA4, 0x00}, 2, 192'000, 48000, 2, 1152, 576},  // layer II
      {{0xFF, 0xFF, 0xC8, 0x00}, 1, 384'000, 32000, 2, 384, 576},   // layer I
      {{0xFF, 0xE5, 0xEA, 0x00}, 2, 160'000, 8000, 2, 1152, 2881},  // the longest there is
  };
  for (const auto& c : cases) {
    const auto parsed = parse_mpeg_frame(c.head);
    ASSERT_TRUE(parsed) << int(c.head[1]);
    EXPECT_EQ(parsed->layer, c.layer);
    EXPECT_EQ(parsed->bitrate, c.bitrate);
    EXPECT_EQ(parsed->rate, c.rate);
    EXPECT_EQ(parsed->channels, c.channels);
    EXPECT_EQ(parsed->samples, c.samples);
    EXPECT_EQ(parsed->size, c.size);
  }
  EXPECT_TRUE(parse_mpeg_frame(Bytes{0xFF, 0xFA, 0x90, 0x00})->has_crc);
}

TEST(MpegFrame, WhatIsNoHeader) {
  for (const Bytes& bytes :
       {Bytes{}, Bytes{0xFF, 0xFB, 0x90}, Bytes{0xFF, 0xFB, 0x00, 0}, Bytes{0xFF, 0xFB, 0xF0, 0},
        Bytes{0xFF, 0xFB, 0x9C, 0}, Bytes{0xFF, 0xEB, 0x90, 0}, Bytes{0xFF, 0xF9, 0x90, 0},
        Bytes{0xFE, 0xFB, 0x90, 0}}) {
    EXPECT_FALSE(parse_mpeg_frame(bytes));
  }
}

TEST(MpegFrame, EveryHeaderHasABoundedSize) {
  std::size_t frames = 0;
  for (unsigned word = 0; word < 1u << 24; ++word) {
    const std::uint8_t head[]{0xFF, static_cast<std::uint8_t>(word >> 16),
                              static_cast<std::uint8_t>(word >> 8), static_cast<std::uint8_t>(word)};
    const auto parsed = parse_mpeg_frame(head);
    if (!parsed) continue;
    ++frames;
    ASSERT_GE(parsed->size, kLeastMpegFrame) << std::hex << word;
    ASSERT_LE(parsed->size, kMostMpegFrame) << std::hex << word;
    ASSERT_GT(parsed->rate, 0);
    ASSERT_GT(parsed->samples, 0);
  }
  EXPECT_GT(frames, 100'000u);
}

TEST(Id3, Sizes) {
  EXPECT_EQ(id3v2_size(tag(300)), 310u);
  EXPECT_EQ(id3v2_size(tag(3u << 20)), (3u << 20) + 10);
  auto with_footer = tag(5);
  with_footer[5] = 0x10;
  EXPECT_EQ(id3v2_size(with_footer), 25u);
  auto broken = tag(5);
  broken[9] = 0x85;
  EXPECT_EQ(id3v2_size(broken), 0u);
  EXPECT_EQ(id3v2_size(frame()), 0u);
  EXPECT_EQ(id3v2_size(Bytes{'I', 'D', '3'}), 0u);
}

TEST(MpegInfo, IsKnownByItsTable) {
  auto bytes = frame();
  const auto parsed = *parse_mpeg_frame(bytes);
  EXPECT_FALSE(is_mpeg_info(bytes, parsed));
  std::ranges::copy(std::string_view("Info"), bytes.begin() + 36);
  EXPECT_TRUE(is_mpeg_info(bytes, parsed));
  auto vbri = frame();
  std::ranges::copy(std::string_view("VBRI"), vbri.begin() + 36);
  EXPECT_TRUE(is_mpeg_info(vbri, parsed));
  EXPECT_FALSE(is_mpeg_info(std::span(vbri).first(8), parsed));
}

TEST(NextMpegFrame, PassesOverTagsAndJunk) {
  Bytes bytes = tag(1000);
  append(bytes, {0xFF, 0xFB, 0x90, 0x00, 1, 2, 3});  // a header that nothing bears out
  const std::size_t first = bytes.size();
  append(bytes, frame());
  append(bytes, frame(9, true));
  const auto found = next_mpeg_frame(bytes, 0, std::nullopt, false);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at, first);
  const auto second = next_mpeg_frame(bytes, found->end(), found->frame, false);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->at, found->end());
  EXPECT_FALSE(next_mpeg_frame(bytes, second->end(), second->frame, true));
  EXPECT_TRUE(next_mpeg_frame(frame(), 0, std::nullopt, true)) << "it ends where the file does";
  EXPECT_FALSE(next_mpeg_frame(frame(), 0, std::nullopt, false)) << "that may be anything yet";
}

TEST(NextMpegFrame, NeverLeavesTheBytesAndAlwaysMovesOn) {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    Bytes bytes(random() % 6000);
    // Random bytes, rich in what matters, with true frames and tags among them.
    for (auto& byte : bytes) byte = random() % 3 ? static_cast<std::uint8_t>(random()) : std::uint8_t{0xFF};
    for (int piece = 0; piece < 4; ++piece) {
      const auto what = random() % 2 ? frame(static_cast<std::uint8_t>(1 + random() % 14), random() % 2)
                                     : tag(random() % 9000);
      const auto at = bytes.empty() ? 0 : random() % bytes.size();
      bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), what.begin(), what.end());
    }
    std::size_t at = 0;
    std::optional<MpegFrame> before;
    while (const auto found = next_mpeg_frame(bytes, at, before, round % 2 == 0)) {
      ASSERT_GE(found->at, at);
      ASSERT_LE(found->end(), bytes.size());
      ASSERT_TRUE(parse_mpeg_frame(std::span(bytes).subspan(found->at)));
      at = found->end();
      before = found->frame;
    }
  }
}

// Cuts a file as /audio does.
std::vector<Bytes> cut(const Bytes& file) {
  MpegChunks chunks;
  std::vector<Bytes> out;
  for (std::size_t at = 0; at < file.size();) {
    const std::size_t n = std::min(kAudioChunk, file.size() - at);
    const std::size_t length = chunks.next(std::span(file).subspan(at, n), at + n == file.size());
    EXPECT_GE(length, 1u);
    EXPECT_LE(length, n);
    if (length == 0) break;
    out.emplace_back(file.begin() + static_cast<std::ptrdiff_t>(at),
                     file.begin() + static_cast<std::ptrdiff_t>(at + length));
    at += length;
  }
  return out;
}

TEST(MpegChunks, EachMessageIsWholeFrames) {
  std::mt19937 random(3);
  Bytes file = tag(70'000);
  while (file.size() < 5'000'000)
    append(file, frame(static_cast<std::uint8_t>(1 + random() % 14), random() % 2));
  const auto messages = cut(file);
  ASSERT_EQ(messages.size(), 5u);
  Bytes all;
  for (const auto& message : messages) {
    append(all, message);
    std::size_t at = id3v2_size(message);
    while (at < message.size()) {
      const auto parsed = parse_mpeg_frame(std::span(message).subspan(at));
      ASSERT_TRUE(parsed);
      at += parsed->size;
    }
    EXPECT_EQ(at, message.size()) << "ends on a frame's boundary";
    EXPECT_LE(message.size(), kAudioChunk);
    if (&message != &messages.back()) {
      EXPECT_GT(message.size(), kAudioChunk - kMostMpegFrame);
    }
  }
  EXPECT_EQ(all, file);
}

TEST(MpegChunks, ATagLargerThanAMessage) {
  Bytes file = tag(2'500'000);
  const std::size_t first = file.size();
  while (file.size() < 4'000'000) append(file, frame());
  const auto messages = cut(file);
  ASSERT_GE(messages.size(), 4u);
  EXPECT_EQ(messages[0].size(), kAudioChunk);
  EXPECT_EQ(messages[1].size(), kAudioChunk);
  const std::size_t music = messages[0].size() + messages[1].size() + messages[2].size() - first;
  EXPECT_EQ(music % frame().size(), 0u) << "what looks like frames inside the tag was not followed";
}

TEST(MpegChunks, AnyBytesCutIntoMessagesAreTheFile) {
  std::mt19937 random(11);
  for (int round = 0; round < 8; ++round) {
    Bytes file(1'500'000 + random() % 2'000'000);
    for (auto& byte : file) byte = random() % 4 ? static_cast<std::uint8_t>(random()) : std::uint8_t{0xFF};
    if (round % 2) std::ranges::copy(tag(1'800'000), file.begin());
    Bytes all;
    for (const auto& message : cut(file)) append(all, message);
    EXPECT_EQ(all, file);
  }
  EXPECT_EQ(MpegChunks().next({}, true), 0u);
}

}  // namespace
}  // namespace tutti::protocol
