#include "media/pcm_source.h"

#include "media/wav_layout.h"
#include "tests/media/test_audio.h"

#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <random>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

using test::fresh_dir;
using test::music;
using test::write_wav;

std::string bytes_of(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

std::string read_through(const PcmSource& source, Frames step) {
  std::string all;
  for (Frames at = 0;; at += step) {
    const auto chunk = source.read(at, step);
    EXPECT_TRUE(chunk) << chunk.error().message;
    if (!chunk) return all;
    all += bytes_of(*chunk);
    if (static_cast<Frames>(chunk->size()) < step * source.format().frame_bytes()) return all;
  }
}

std::unique_ptr<PcmSource> open(const std::filesystem::path& path) {
  auto source = PcmSource::open(path.string());
  EXPECT_TRUE(source) << path << ": " << source.error().message;
  return source ? std::move(*source) : nullptr;
}

TEST(PcmSource, WavIsReadAsItIs) {
  const auto dir = fresh_dir("pcm");
  for (const int bits : {16, 24, 32, -32}) {
    const auto path = dir / ("a" + std::to_string(bits) + ".wav");
    write_wav(path, music(44100, 2, 1.7), bits);
    const auto source = open(path);
    ASSERT_TRUE(source);
    EXPECT_EQ(source->format(), (PcmFormat{44100, 2, std::abs(bits) / 8, bits < 0}));
    EXPECT_EQ(read_through(*source, 8192), test::read_text(path).substr(44)) << bits;
    EXPECT_EQ(
        bytes_of(*source->read(1000, 7)),
        test::read_text(path).substr(44 + 1000 * static_cast<std::size_t>(source->format().frame_bytes()),
                                     7 * static_cast<std::size_t>(source->format().frame_bytes())));
    EXPECT_TRUE(source->read(1 << 30, 10)->empty());
  }
}

TEST(PcmSource, EveryKindOfWavThatFfmpegWrites) {
  const auto dir = fresh_dir("pcm");
  const auto plain = dir / "plain.wav";
  write_wav(plain, music(48000, 3, 1.3), 24);
  const std::string samples = test::read_text(plain).substr(44);
  const std::vector<std::pair<std::string, std::vector<std::string>>> kinds{
      {"extensible.wav", {}}, {"rf64.wav", {"-rf64", "always"}}, {"wave64.w64", {}}};
  for (const auto& [name, options] : kinds) {
    std::vector<std::string> arguments{"-i",        plain.string(), "-c:a",
                                       "pcm_s24le", "-metadata",    "title=A tag before the data"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back((dir / name).string());
    test::ffmpeg(arguments);
    const auto source = open(dir / name);
    ASSERT_TRUE(source);
    EXPECT_EQ(source->format(), (PcmFormat{48000, 3, 3, false})) << name;
    EXPECT_EQ(read_through(*source, 2048), samples) << name;
  }
}

// The head of a WAV file whose lengths are those of nobody, and a sparse file of any length behind it.
std::filesystem::path sparse_wav(const std::string& name, std::int64_t samples, std::uint32_t said) {
  const auto path = fresh_dir("pcm") / name;
  write_wav(path, {44100, 2, {}}, 16);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(40);
  file.write(reinterpret_cast<const char*>(&said), 4);
  file.close();
  std::filesystem::resize_file(path, static_cast<std::uintmax_t>(44 + samples * 4));
  const int descriptor = ::open(path.c_str(), O_WRONLY);
  const std::int16_t last[]{1234, -4321};
  EXPECT_EQ(::pwrite(descriptor, last, 4, 44 + (samples - 1) * 4), 4);
  ::close(descriptor);
  return path;
}

TEST(PcmSource, MoreThanFourGibibytes) {
  constexpr std::int64_t kSamples = (std::int64_t{5} << 30) / 4;
  const auto wrapped = static_cast<std::uint32_t>(kSamples * 4);
  for (const std::uint32_t said : {0xFFFFFFFFu, 0u, wrapped}) {
    const auto path = sparse_wav("long.wav", kSamples, said);
    const auto source = open(path);
    ASSERT_TRUE(source);
    const auto end = source->read(kSamples - 1, 8192);
    ASSERT_TRUE(end);
    EXPECT_EQ(bytes_of(*end), std::string("\xD2\x04\x1F\xEF", 4)) << said;
    std::filesystem::remove(path);
  }
}

TEST(PcmSource, AnHeaderThatPromisesTooMuch) {
  const auto path = fresh_dir("pcm") / "cut.wav";
  write_wav(path, music(44100, 2, 1), 16);
  std::filesystem::resize_file(path, 44 + 4 * 1000 + 3);
  const auto source = open(path);
  ASSERT_TRUE(source);
  EXPECT_EQ(source->read(0, 8192)->size(), 4000u) << "whole frames only";
  std::filesystem::resize_file(path, 44 + 4 * 10);
  EXPECT_FALSE(source->read(0, 8192)) << "shorter than it was";
}

TEST(PcmSource, OtherFormatsAreDecodedTo16Bit) {
  const auto dir = fresh_dir("pcm");
  const auto wav = dir / "a.wav";
  write_wav(wav, music(44100, 2, 3), 16);
  test::ffmpeg({"-i", wav.string(), (dir / "a.flac").string()});
  const auto source = open(dir / "a.flac");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->format(), (PcmFormat{44100, 2, 2, false}));
  EXPECT_EQ(read_through(*source, 8192), test::read_text(wav).substr(44)) << "without loss";
  for (const int bits : {8, 64}) {
    const auto odd = dir / ("odd" + std::to_string(bits) + ".wav");
    test::ffmpeg({"-i", wav.string(), "-c:a", bits == 8 ? "pcm_u8" : "pcm_f64le", odd.string()});
    const auto decoded = open(odd);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->format().sample_width, 2) << bits;
  }
  EXPECT_FALSE(PcmSource::open((dir / "none.wav").string()));
  test::write_text(dir / "text.wav", "RIFF....WAVEfmt but no more");
  EXPECT_FALSE(PcmSource::open((dir / "text.wav").string()));
}

TEST(PcmSource, ManyReadAtManyPlaces) {
  const auto dir = fresh_dir("pcm");
  write_wav(dir / "a.wav", music(44100, 2, 6), 16);
  test::ffmpeg({"-i", (dir / "a.wav").string(), (dir / "a.flac").string()});
  const std::string samples = test::read_text(dir / "a.wav").substr(44);
  const auto source = open(dir / "a.flac");
  ASSERT_TRUE(source);
  std::vector<std::thread> readers;
  for (unsigned reader = 0; reader < 6; ++reader) {
    readers.emplace_back([&, reader] {
      std::mt19937 random(reader);
      for (int i = 0; i < 20; ++i) {
        const auto at = static_cast<Frames>(random() % (6 * 44100));
        const auto chunk = source->read(at, 2048);
        ASSERT_TRUE(chunk);
        EXPECT_EQ(bytes_of(*chunk), samples.substr(static_cast<std::size_t>(at) * 4, 2048 * 4)) << at;
      }
    });
  }
  for (auto& reader : readers) reader.join();
}

TEST(WavLayout, DamagedHeadsAreForTheDecoder) {
  const auto dir = fresh_dir("pcm");
  write_wav(dir / "a.wav", music(44100, 2, 0.1), 16);
  const std::string good = test::read_text(dir / "a.wav");
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    std::string bytes = good;
    for (int i = 0; i < 3; ++i) bytes[random() % 44] = static_cast<char>(random());
    if (round % 5 == 0) bytes.resize(random() % 60);
    if (bytes.empty()) continue;
    test::write_text(dir / "b.wav", bytes);
    const auto file = InputFile::open((dir / "b.wav").string());
    ASSERT_TRUE(file);
    const auto layout = read_wav_layout(**file);
    if (!layout) continue;
    EXPECT_GE(layout->begin, 44);
    EXPECT_LE(layout->begin + layout->frames * layout->format.frame_bytes(), (*file)->size());
  }
}

}  // namespace
}  // namespace tutti::media
