// What files are: tags, names in any bytes, damage, and things that only pretend to be audio.
#include "media/probe.h"

#include "media/cover.h"
#include "tests/media/test_audio.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <random>
#include <sys/stat.h>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

namespace fs = std::filesystem;
using namespace test;

class ProbeTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    made = fresh_dir("made");
    write_wav(made / "s.wav", source());
    ffmpeg({"-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", (made / "cover.jpg").string()});
    for (const char* file : {"s.mp3", "s.flac", "s.ogg", "s.m4a"}) {
      ffmpeg({"-i", (made / "s.wav").string(), "-vn", (made / file).string()});
    }
  }
  static const Pcm& source() {
    static const Pcm pcm = music(44100, 2, 5);
    return pcm;
  }

  fs::path write(const std::string& name, const std::string& bytes) {
    write_text(dir / name, bytes);
    return dir / name;
  }
  static std::string bytes_of(const char* file) { return read_text(made / file); }
  // The length by the probe, which must be the decoder's.
  static Frames length(const fs::path& path) {
    const auto probed = probe(path.string(), never);
    EXPECT_TRUE(probed) << probed.error().message;
    if (!probed || !*probed) return -1;
    EXPECT_EQ(decode(path).frames(), (*probed)->frames) << path;
    return (*probed)->frames;
  }
  static bool is_refused(const fs::path& path) { return !probe(path.string(), never); }
  static bool is_passed_over(const fs::path& path) {
    const auto probed = probe(path.string(), never);
    return probed && !*probed;
  }

  static fs::path made;
  fs::path dir = fresh_dir("probe");
};

fs::path ProbeTest::made;

TEST_F(ProbeTest, ReadsTagsAndCovers) {
  for (const char* name : {"t.mp3", "t.flac", "t.m4a"}) {
    const std::string path = (dir / name).string();
    ffmpeg({"-i",
            (made / "s.wav").string(),
            "-i",
            (made / "cover.jpg").string(),
            "-map",
            "0",
            "-map",
            "1",
            "-c:v",
            "copy",
            "-disposition:v",
            "attached_pic",
            "-metadata",
            "title= Песня №1 ",
            "-metadata",
            "artist=Кто-то",
            "-metadata",
            "album=Альбом",
            "-metadata",
            "date=1999-07-01",
            "-metadata",
            "track=3/12",
            path});
    const auto probed = probe(path, never);
    ASSERT_TRUE(probed && *probed) << name;
    EXPECT_EQ((*probed)->tags, (Tags{"Песня №1", "Кто-то", "Альбом", 1999, 3, true})) << name;
    EXPECT_EQ((*probed)->frames, source().frames()) << name;
    const auto cover = read_cover(path);
    ASSERT_TRUE(cover && *cover) << name;
    EXPECT_EQ((*cover)->mime_type, "image/jpeg");
    EXPECT_EQ(std::string((*cover)->bytes.begin(), (*cover)->bytes.end()), bytes_of("cover.jpg"));
    const auto too_large = read_cover(path, 10);
    EXPECT_TRUE(too_large && !*too_large);
  }
  const auto none = read_cover((made / "s.mp3").string());
  EXPECT_TRUE(none && !*none);
}

TEST_F(ProbeTest, TakesNamesInAnyBytes) {
  const std::string mp3 = bytes_of("s.mp3");
  for (const char* name :
       {"Привет мир.mp3", "a 'quoted' \"name\".mp3", "#1 100%.mp3", "%s%n.mp3", "🎵.mp3", "new\nline.mp3",
        "\xff\xfe\x80.mp3", "concat:x|y.mp3", "http:.mp3", "-y.mp3", "?query=1.mp3", "no ending", ".mp3"}) {
    EXPECT_EQ(length(write(name, mp3)), source().frames()) << name;
  }
}

TEST_F(ProbeTest, TellsTheFormatFromTheContent) {
  const auto probed = probe(write("really flac.mp3", bytes_of("s.flac")).string(), never);
  ASSERT_TRUE(probed && *probed);
  EXPECT_EQ((*probed)->format, "flac");
}

TEST_F(ProbeTest, RefusesWhatOnlyClaimsToBeAudio) {
  std::minstd_rand random(3);
  std::string noise(300'000, '\0');
  std::ranges::generate(noise, [&] { return static_cast<char>(random() >> 8); });
  EXPECT_TRUE(is_refused(write("empty.mp3", "")));
  EXPECT_TRUE(is_refused(write("noise.mp3", noise)));
  EXPECT_TRUE(is_refused(write("noise.flac", noise)));
  EXPECT_TRUE(is_refused(write("text.mp3", "just some words, not music at all\n")));
  EXPECT_TRUE(is_refused(write("picture.mp3", bytes_of("cover.jpg"))));
  EXPECT_TRUE(is_refused(write("zeros.mp3", std::string(100'000, '\0'))));
  EXPECT_TRUE(is_refused(dir / "missing.mp3"));
  EXPECT_TRUE(is_refused(write("tags only.mp3", "ID3\x04" + std::string(6, '\0'))));
}

TEST_F(ProbeTest, PassesOverWhatClaimsNothing) {
  EXPECT_TRUE(is_passed_over(write("notes.txt", "words")));
  EXPECT_TRUE(is_passed_over(made / "cover.jpg"));
  EXPECT_TRUE(is_passed_over(write("empty", "")));
}

TEST_F(ProbeTest, APlaylistInDisguiseOpensNothing) {
  const std::string other = (made / "s.mp3").string();
  EXPECT_TRUE(is_refused(write("hls.mp3", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n" + other + "\n")));
  EXPECT_TRUE(is_refused(write("concat.mp3", "ffconcat version 1.0\nfile '" + other + "'\n")));
  EXPECT_TRUE(is_refused(write("sdp.mp3", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=audio 9 RTP/AVP 0\n")));
}

TEST_F(ProbeTest, APipeIsNotOpened) {
  const std::string fifo = (dir / "pipe.mp3").string();
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_TRUE(is_refused(fifo));
  EXPECT_TRUE(is_refused("/dev/zero.mp3"));
  EXPECT_FALSE(Decoder::open("/dev/zero"));
  EXPECT_FALSE(Decoder::open(dir.string()));
  EXPECT_FALSE(Decoder::open(std::string("a\0b", 3)));
}

TEST_F(ProbeTest, TruncatedFilesAreAsLongAsWhatDecodes) {
  for (const char* file : {"s.wav", "s.mp3", "s.flac", "s.ogg"}) {
    const std::string whole = bytes_of(file);
    const double packet = file == std::string("s.ogg") ? 45000 : 5000;  // Ogg: a page of about a second
    for (const unsigned part : {2u, 3u}) {
      const std::string name = std::to_string(part) + file;
      const Frames frames = length(write(name, whole.substr(0, whole.size() / part)));
      EXPECT_NEAR(static_cast<double>(frames), 220500.0 / part, packet) << name;
    }
  }
}

TEST_F(ProbeTest, DamageInTheMiddleKeepsTheRestInPlace) {
  for (const char* file : {"s.mp3", "s.flac", "s.ogg"}) {
    std::string bytes = bytes_of(file);
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2), 3000, '\x55');
    const fs::path path = write(file, bytes);
    const Frames frames = length(path);
    EXPECT_NEAR(static_cast<double>(frames), 220500, 12000) << file;
    const Pcm heard = decode(path);
    EXPECT_LT(largest_difference(heard.part(0, 80000), source().part(0, 80000)), 0.3) << file;
  }
}

TEST_F(ProbeTest, FilesAppendedToOneAnotherPlayToTheEnd) {
  for (const char* file : {"s.mp3", "s.flac", "s.ogg"}) {
    const fs::path path = write(file, bytes_of(file) + bytes_of(file));
    EXPECT_NEAR(static_cast<double>(length(path)), 2 * 220500, 4000) << file;
  }
}

TEST_F(ProbeTest, AHugeCoverDoesNotHideTheMusic) {
  std::string tag = "ID3\x03";
  tag += std::string(2, '\0');
  const std::uint32_t size = 3 << 20;
  for (int shift = 21; shift >= 0; shift -= 7) tag += static_cast<char>(size >> shift & 0x7f);
  const fs::path path = write("no ending", tag + std::string(size, '\0') + bytes_of("s.mp3"));
  EXPECT_GT(length(path), 220000);
}

TEST_F(ProbeTest, AFourGigabyteWavIsProbedAtOnce) {
  const fs::path path = write("huge.wav", bytes_of("s.wav").substr(0, 44));
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(40);
  file.write("\xf0\xff\xff\xff", 4);
  file.close();
  fs::resize_file(path, 44 + std::uintmax_t{0xfffffff0});
  const auto begin = std::chrono::steady_clock::now();
  const auto probed = probe(path.string(), never);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(500));
  ASSERT_TRUE(probed) << probed.error().message;
  ASSERT_TRUE(*probed);
  EXPECT_EQ((*probed)->frames, 0xfffffff0 / 4);
}

TEST_F(ProbeTest, CanBeCancelled) {
  const auto probed = probe((made / "s.mp3").string(), [] { return true; });
  EXPECT_FALSE(probed);
}

TEST_F(ProbeTest, PlaysWhatEveryPhoneSystemHas) {
  for (const auto& entry : fs::directory_iterator("/usr/share/asterisk/moh")) {
    if (entry.path().extension() != ".wav") continue;
    const auto probed = probe(entry.path().string(), never);
    ASSERT_TRUE(probed && *probed) << entry.path();
    EXPECT_EQ((*probed)->rate, 8000);
    const Frames data = (static_cast<Frames>(fs::file_size(entry.path())) - 44) / 2;
    EXPECT_NEAR(static_cast<double>((*probed)->frames), static_cast<double>(data), 100);
  }
}

}  // namespace
}  // namespace tutti::media
