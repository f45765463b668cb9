// Every format: the probe's length is the decoder's, the music lies where it lay in the source, and a seek
// arrives at the sample that reading from the start arrives at.
#include "media/decoder.h"
#include "media/probe.h"
#include "tests/media/test_audio.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

using namespace test;

enum class Length { exact, whole_packets };  // what the format can say about its end

struct Case {
  const char* file;
  const char* format;
  std::vector<std::string> options;
  double seek_difference = 0;  // allowed after a seek; 0: bit-equal
  double loss = 1;             // allowed from the source
  Length length = Length::exact;
  int rate = 44100;
  int source_bits = 16;
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.file; }

class Formats : public testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() {
    if (dir.empty()) dir = fresh_dir("formats");
  }
  void SetUp() override {
    const Case& c = GetParam();
    source = music(c.rate, 2, 7.3456);
    const auto wav = dir / ("source" + std::to_string(c.rate) + "_" + std::to_string(c.source_bits) + ".wav");
    if (!std::filesystem::exists(wav)) write_wav(wav, source, c.source_bits);
    path = dir / c.file;
    std::vector<std::string> arguments{"-i", wav.string(), "-bitexact"};
    arguments.insert(arguments.end(), c.options.begin(), c.options.end());
    arguments.push_back(path.string());
    ffmpeg(arguments);
  }

  static std::filesystem::path dir;
  std::filesystem::path path;
  Pcm source;
};

std::filesystem::path Formats::dir;

TEST_P(Formats, LengthPlaceAndSeeksAreExact) {
  const Case& c = GetParam();
  const auto probed = probe(path.string(), never);
  ASSERT_TRUE(probed) << probed.error().message;
  ASSERT_TRUE(*probed);
  EXPECT_EQ((*probed)->format, c.format);
  EXPECT_EQ((*probed)->rate, c.rate);
  EXPECT_EQ((*probed)->channels, 2);

  const Pcm heard = decode(path);
  EXPECT_EQ(heard.frames(), (*probed)->frames);
  if (c.length == Length::exact) {
    EXPECT_EQ(heard.frames(), source.frames());
  } else {
    EXPECT_NEAR(static_cast<double>(heard.frames()), static_cast<double>(source.frames()), 4500);
  }
  if (c.loss == 0) {
    EXPECT_EQ(largest_difference(heard, source), 0);
  } else if (c.length == Length::exact) {
    EXPECT_EQ(lag_of(heard, source, 6000), 0);
    EXPECT_EQ(lag_of(heard, source, 250000), 0);
    EXPECT_LT(largest_difference(heard, source), c.loss);
  }

  auto decoder = Decoder::open(path.string());
  ASSERT_TRUE(decoder);
  std::minstd_rand random(7);
  std::vector<Frames> places{heard.frames() - 1, 0,     heard.frames() - 3000, 1, 1151, 1152, 1153,
                             heard.frames(),     100000};
  for (int i = 0; i < 25; ++i) places.push_back(static_cast<Frames>(random()) % heard.frames());
  std::vector<float> pcm(3000 * 2);
  for (const Frames place : places) {
    const auto done = decoder->seek(place);
    ASSERT_TRUE(done) << done.error().message;
    Frames got = 0;
    while (got < 3000) {
      const auto n = decoder->read(std::span(pcm).subspan(static_cast<std::size_t>(got * 2)));
      ASSERT_TRUE(n);
      if (*n == 0) break;
      got += *n;
    }
    const Pcm expected = heard.part(place, 3000);
    ASSERT_EQ(got, expected.frames()) << "at " << place;
    const Pcm after{c.rate, 2, {pcm.begin(), pcm.begin() + got * 2}};
    ASSERT_LE(largest_difference(after, expected), c.seek_difference) << "at " << place;
  }
}

constexpr double kNear = 1e-3;

INSTANTIATE_TEST_SUITE_P(
    All, Formats,
    testing::Values(
        Case{"16.wav", "wav", {}, 0, 0}, Case{"24.wav", "wav", {"-c:a", "pcm_s24le"}, 0, 0},
        Case{"32.wav", "wav", {"-c:a", "pcm_s32le"}, 0, 0},
        Case{"f32.wav", "wav", {"-c:a", "pcm_f32le"}, 0, 0}, Case{"x.w64", "w64", {}, 0, 0},
        Case{"x.aiff", "aiff", {}, 0, 0}, Case{"x.caf", "caf/pcm_s16be", {}, 0, 0},
        Case{"x.au", "au", {}, 0, 0}, Case{"16.flac", "flac", {}, 0, 0},
        Case{"24.flac", "flac", {"-sample_fmt", "s32"}, 0, 0}, Case{"x.wv", "wavpack", {}, 0, 0},
        Case{"x.tta", "tta", {}, 0, 0}, Case{"alac.m4a", "m4a/alac", {"-c:a", "alac"}, 0, 0},
        Case{"flac.ogg", "ogg/flac", {"-c:a", "flac"}, 0, 0},
        Case{"cbr.mp3", "mp3", {"-b:a", "128k"}, kNear, 0.2},
        Case{"vbr.mp3", "mp3", {"-q:a", "2"}, kNear, 0.2},
        Case{"low.mp3", "mp3", {"-b:a", "32k"}, kNear, 0.6},
        Case{"plain.mp3", "mp3", {"-b:a", "128k", "-write_xing", "0"}, kNear, 1, Length::whole_packets},
        Case{"plain_vbr.mp3", "mp3", {"-q:a", "4", "-write_xing", "0"}, kNear, 1, Length::whole_packets},
        Case{"vorbis.ogg", "ogg/vorbis", {"-c:a", "libvorbis"}, kNear, 0.2},
        Case{"48.opus", "ogg/opus", {"-c:a", "libopus"}, kNear, 0.3, Length::exact, 48000},
        Case{"aac.m4a", "m4a/aac", {"-c:a", "aac", "-aac_pns", "0"}, kNear, 0.3},
        Case{"x.aac", "aac", {"-c:a", "aac", "-aac_pns", "0"}, kNear, 1, Length::whole_packets},
        Case{"vorbis.mka", "matroska/vorbis", {"-c:a", "libvorbis"}, kNear, 1, Length::whole_packets},
        Case{"flac.mka", "matroska/flac", {"-c:a", "flac"}, 0, 0},
        Case{"48.webm", "matroska/opus", {"-c:a", "libopus"}, kNear, 1, Length::whole_packets, 48000},
        Case{"x.wma", "wma/wmav2", {"-c:a", "wmav2"}, kNear, 1, Length::whole_packets},
        Case{"x.ac3", "ac3", {"-c:a", "ac3"}, kNear, 1, Length::whole_packets}),
    [](const auto& format) {
      std::string name = format.param.file;
      std::ranges::replace(name, '.', '_');
      return name;
    });

}  // namespace
}  // namespace tutti::media
