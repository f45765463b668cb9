#include "net/mp3_piece.h"

#include "protocol/mpeg_frame.h"
#include "tests/fakes/fake_encoded_files.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti::net {
namespace {

using fakes::FakeByteFile;
using Bytes = std::vector<std::uint8_t>;

Bytes frame(std::uint8_t fill, std::uint8_t rate_bits = 0x90) {
  const Bytes head{0xFF, 0xFB, rate_bits, 0x00};
  Bytes out(protocol::parse_mpeg_frame(head)->size, fill);
  std::ranges::copy(head, out.begin());
  return out;
}

void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

Bytes tag(std::size_t body) {
  Bytes out{'I', 'D', '3', 4, 0, 0};
  for (int shift = 21; shift >= 0; shift -= 7) out.push_back(static_cast<std::uint8_t>(body >> shift & 0x7F));
  out.resize(protocol::kId3Header + body, 0xFF);
  return out;
}

// All pieces from `begin` to the end.
Bytes read_all(const FakeByteFile& file, std::int64_t begin,
               std::vector<std::shared_ptr<const Mp3Piece>>* pieces = nullptr) {
  Bytes all;
  for (std::int64_t at = begin;;) {
    const auto piece = read_mp3_piece(file, at);
    if (!piece) return all;
    append(all, piece->bytes);
    if (pieces) pieces->push_back(piece);
    EXPECT_LE(piece->samples, std::max(piece->rate, 0));
    if (piece->is_last) return all;
    EXPECT_GT(piece->next, at);
    if (piece->next <= at) return all;
    at = piece->next;
  }
}

TEST(Mp3Piece, IsASecondOfWholeFrames) {
  Bytes music;
  for (int i = 0; i < 500; ++i) append(music, frame(static_cast<std::uint8_t>(i % 200)));
  FakeByteFile file(music);
  std::vector<std::shared_ptr<const Mp3Piece>> pieces;
  EXPECT_EQ(read_all(file, 0, &pieces), music);
  EXPECT_EQ(pieces.size(), 14u) << "500 frames, 38 a second";
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    EXPECT_EQ(pieces[i]->samples, 38 * 1152);
    EXPECT_EQ(pieces[i]->rate, 44100);
  }
}

TEST(Mp3Piece, TagsTablesAndJunkAreLeftOut) {
  Bytes info = frame(0);
  std::ranges::copy(std::string_view("Info"), info.begin() + 36);
  Bytes bytes = tag(300'000), music;
  append(bytes, info);
  const auto begin = static_cast<std::int64_t>(bytes.size());
  for (int i = 0; i < 100; ++i) append(music, frame(static_cast<std::uint8_t>(i)));
  append(bytes, music);
  append(bytes, tag(200'000));  // in mid-file, where two were put together
  append(bytes, Bytes(100'000, 0x11));
  append(bytes, music);
  append(bytes, Bytes{'T', 'A', 'G'});
  bytes.resize(bytes.size() + 125);
  FakeByteFile file(bytes);
  EXPECT_EQ(find_mp3_begin(file), begin);
  Bytes twice = music;
  append(twice, music);
  EXPECT_EQ(read_all(file, begin), twice);
}

TEST(Mp3Piece, AChangeOfRateBeginsAnother) {
  Bytes bytes;
  for (int i = 0; i < 10; ++i) append(bytes, frame(1));
  for (int i = 0; i < 10; ++i) append(bytes, frame(1, 0x94));
  FakeByteFile file(bytes);
  const auto first = read_mp3_piece(file, 0);
  EXPECT_EQ(first->rate, 44100);
  EXPECT_EQ(first->samples, 10 * 1152);
  EXPECT_FALSE(first->is_last);
  const auto second = read_mp3_piece(file, first->next);
  EXPECT_EQ(second->rate, 48000);
  EXPECT_TRUE(second->is_last);
}

TEST(Mp3Piece, WhatIsStillBeingWrittenIsNotThereYet) {
  Bytes music;
  for (int i = 0; i < 100; ++i) append(music, frame(static_cast<std::uint8_t>(i)));
  FakeByteFile file;
  file.growing = true;
  EXPECT_FALSE(read_mp3_piece(file, 0));
  file.bytes.assign(music.begin(), music.begin() + 10'000);
  EXPECT_FALSE(read_mp3_piece(file, 0)) << "less than a second";
  file.bytes = music;
  const auto piece = read_mp3_piece(file, 0);
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->samples, 38 * 1152);
  EXPECT_FALSE(read_mp3_piece(file, read_mp3_piece(file, piece->next)->next)) << "the end may not be the end";
  file.growing = false;
  EXPECT_EQ(read_all(file, 0), music);
}

TEST(Mp3Piece, NoMusicAtAll) {
  EXPECT_FALSE(find_mp3_begin(FakeByteFile()));
  EXPECT_FALSE(find_mp3_begin(FakeByteFile(Bytes(200'000, 0x42))));
  EXPECT_TRUE(read_mp3_piece(FakeByteFile(), 0)->is_last);
  EXPECT_TRUE(read_mp3_piece(FakeByteFile(Bytes(300'000, 0x42)), 0)->is_last);
}

TEST(Mp3Piece, AnyBytesComeToAnEnd) {
  std::mt19937 random(2);
  for (int round = 0; round < 200; ++round) {
    Bytes bytes(random() % 300'000);
    for (auto& byte : bytes) byte = random() % 3 ? static_cast<std::uint8_t>(random()) : std::uint8_t{0xFF};
    for (int piece = 0; piece < 5 && !bytes.empty(); ++piece) {
      Bytes some;
      for (std::size_t i = 0; i < random() % 100; ++i) append(some, frame(3, random() % 2 ? 0x90 : 0xE4));
      bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(random() % bytes.size()), some.begin(),
                   some.end());
    }
    FakeByteFile file(bytes);
    const auto music = read_all(file, find_mp3_begin(file).value_or(0));
    std::size_t at = 0;
    while (at < music.size()) {
      const auto parsed = protocol::parse_mpeg_frame(std::span(music).subspan(at));
      ASSERT_TRUE(parsed) << "only whole frames are sent";
      at += parsed->size;
    }
    ASSERT_EQ(at, music.size());
  }
}

}  // namespace
}  // namespace tutti::net
