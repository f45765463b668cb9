// The station's PCM: joins to the sample, entry in the middle, what happens to files that do not fit or do
// not open.
#include "media/programme_reader.h"

#include "tests/media/test_audio.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

using namespace test;

constexpr PcmShape kStation{44100, 2};

class ProgrammeReaderTest : public testing::Test {
 protected:
  // Adds a segment after the last one, as long as the file lasts or `length` station frames.
  Segment& add_file(const std::filesystem::path& file, const Pcm& pcm, Frames length = 0) {
    const Frames first = segments.empty() ? 0 : segments.back().end();
    if (length == 0) length = rescale(pcm.frames(), pcm.rate, kStation.rate);
    const auto id = static_cast<std::int64_t>(segments.size()) + 1;
    segments.push_back({TrackId{id}, file.string(), "Track " + std::to_string(id), first, length});
    return segments.back();
  }
  Segment& add(const std::string& name, const Pcm& pcm, Frames length = 0) {
    write_wav(dir / name, pcm);
    return add_file(dir / name, pcm, length);
  }

  Pcm read(ProgrammeReader& reader, Frames count, Frames chunk = 1152) {
    Pcm pcm{kStation.rate, kStation.channels, {}};
    std::vector<float> buffer(static_cast<std::size_t>(chunk * kStation.channels));
    while (pcm.frames() < count) {
      const auto wanted = static_cast<std::size_t>(std::min(chunk, count - pcm.frames()) * kStation.channels);
      const auto piece = reader.read(segments, std::span(buffer).first(wanted), failed);
      pcm.samples.insert(pcm.samples.end(), buffer.begin(),
                         buffer.begin() + piece.frames * kStation.channels);
    }
    return pcm;
  }
  Pcm read_from(Frames first, Frames count, Frames chunk = 1152) {
    ProgrammeReader reader(kStation, first, 2);
    return read(reader, count, chunk);
  }

  std::filesystem::path dir = fresh_dir("programme");
  std::vector<Segment> segments;
  std::vector<Segment> failures;
  ProgrammeReader::Failed failed = [this](const Segment& segment, const Error&) {
    failures.push_back(segment);
  };
};

TEST_F(ProgrammeReaderTest, PlaysAnAlbumCutIntoFilesAsIfItWereOne) {
  const Pcm whole = music(44100, 2, 6);
  add("1.wav", whole.part(0, 70001));
  add("2.wav", whole.part(70001, 99));
  add("3.wav", whole.part(70100, 1'000'000));
  EXPECT_EQ(read_from(0, whole.frames()).samples, whole.samples);
  EXPECT_EQ(read_from(0, whole.frames(), 333).samples, whole.samples);
  EXPECT_EQ(read_from(70050, 5000).samples, whole.part(70050, 5000).samples);
  EXPECT_TRUE(failures.empty());
}

TEST_F(ProgrammeReaderTest, KeepsOneResamplerRunningAcrossJoins) {
  const Pcm whole = music(48000, 2, 6);
  add("whole.wav", whole);
  const Pcm expected = read_from(0, segments[0].length);
  segments.clear();
  // Whole numbers of 147/160, so that no rounding moves the joins.
  add("1.wav", whole.part(0, 80000));
  add("2.wav", whole.part(80000, 1600));
  add("3.wav", whole.part(81600, 1'000'000));
  const Pcm joined = read_from(0, expected.frames());
  EXPECT_EQ(joined.samples, expected.samples);
}

TEST_F(ProgrammeReaderTest, HearsNoJoinWhereLengthsAreRounded) {
  const Pcm whole = music(48000, 2, 6);
  add("whole.wav", whole);
  const Pcm expected = read_from(0, segments[0].length);
  segments.clear();
  for (Frames at = 0; at < whole.frames(); at += 30011) {
    add(std::to_string(at) + ".wav", whole.part(at, 30011));
  }
  const Pcm joined = read_from(0, expected.frames());
  EXPECT_LE(std::abs(segments.back().end() - expected.frames()), 4);
  EXPECT_LT(largest_difference(joined.part(0, expected.frames() - 100), expected), 1e-6);
}

TEST_F(ProgrammeReaderTest, EntersAResampledTrackAtTheSample) {
  const Pcm track = music(48000, 2, 4);
  add("track.wav", track);
  const Pcm expected = read_from(0, segments[0].length);
  for (const Frames at : {1, 100, 256, 300, 44100, 99999}) {
    const Pcm entered = read_from(at, 3000);
    EXPECT_LT(largest_difference(entered, expected.part(at, 3000)), 1e-6) << at;
  }
}

TEST_F(ProgrammeReaderTest, ResamplingKeepsTimeAndShape) {
  const Pcm track = music(48000, 2, 4);
  add("track.wav", track);
  const Pcm resampled = read_from(0, segments[0].length);
  write_wav(dir / "resampled.wav", resampled, -32);
  ffmpeg({"-i", (dir / "resampled.wav").string(), "-ar", "48000", "-c:a", "pcm_f32le",
          (dir / "back.wav").string()});
  const Pcm back = decode(dir / "back.wav");
  EXPECT_EQ(lag_of(back, track, 20000, 300), 0);
  EXPECT_LT(largest_difference(back.part(1000, 100000), track.part(1000, 100000)), 0.02);
}

TEST_F(ProgrammeReaderTest, DoublesMonoAtFullLevel) {
  const Pcm mono = music(44100, 1, 1);
  add("mono.wav", mono);
  const Pcm heard = read_from(0, mono.frames());
  for (std::size_t i = 0; i < mono.samples.size(); ++i) {
    ASSERT_EQ(heard.samples[2 * i], mono.samples[i]);
    ASSERT_EQ(heard.samples[2 * i + 1], mono.samples[i]);
  }
}

TEST_F(ProgrammeReaderTest, MixesSurroundDown) {
  add("surround.wav", music(44100, 6, 1));
  const Pcm heard = read_from(0, 44100);
  EXPECT_GT(*std::ranges::max_element(heard.samples), 0.05);
  EXPECT_TRUE(failures.empty());
}

TEST_F(ProgrammeReaderTest, PadsShortFilesAndCutsLongOnes) {
  const Pcm a = music(44100, 2, 1, 1), b = music(48000, 2, 1, 2), c = music(44100, 2, 1, 3);
  add("a.wav", a, 50000);
  add("b.wav", b, 30000);
  add("c.wav", c);
  const Pcm heard = read_from(0, segments.back().end());
  EXPECT_EQ(heard.part(0, 44100).samples, a.samples);
  EXPECT_EQ(heard.part(44100, 5900).samples, std::vector<float>(5900 * 2));
  EXPECT_EQ(heard.part(80000, 44100).samples, c.samples);
}

TEST_F(ProgrammeReaderTest, GapsAreSilentAndSoIsWhatCannotBeOpened) {
  const Pcm a = music(44100, 2, 1);
  add("a.wav", a);
  add_file(dir / "missing.wav", a);
  add("c.wav", a).first += 1000;
  const Pcm heard = read_from(-500, 500 + segments.back().end() + 700);
  EXPECT_EQ(heard.part(0, 500).samples, std::vector<float>(500 * 2));
  EXPECT_EQ(heard.part(500, 44100).samples, a.samples);
  EXPECT_EQ(heard.part(44600, 45100).samples, std::vector<float>(45100 * 2));
  EXPECT_EQ(heard.part(500 + segments[2].first, 44100).samples, a.samples);
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_EQ(failures[0].track, TrackId{2});
}

TEST_F(ProgrammeReaderTest, PlaysWhatReplacedAPreloadedTrack) {
  const Pcm a = music(44100, 2, 3, 1), b = music(44100, 2, 3, 2), c = music(44100, 2, 3, 3);
  add("a.wav", a);
  add("b.wav", b);
  ProgrammeReader reader(kStation, 0, 2);
  read(reader, 100000);  // b is open by now
  segments.pop_back();
  add("c.wav", c).track = TrackId{9};
  const Pcm heard = read(reader, 50000);
  EXPECT_EQ(heard.part(32300, 17700).samples, c.part(0, 17700).samples);
}

// An operator goes on to the next track: until then nothing is heard of it, also where it is resampled.
TEST_F(ProgrammeReaderTest, GoesOnToTheNextTrackInTheMiddleOfOne) {
  for (const int rate : {44100, 48000}) {
    segments.clear();
    const Pcm song = music(rate, 2, 6), other = music(44100, 2, 3);
    add("song.wav", song);
    add("other.wav", other);
    const Pcm whole = read_from(0, segments[0].end());

    ProgrammeReader reader(kStation, 0, 2);
    const Frames made = 3 * 44100 + 17, cut = made + 4410;
    Pcm heard = read(reader, made);
    segments[0].length = cut;
    segments[1].first = cut;
    const Pcm rest = read(reader, cut - made + 44100);
    heard.samples.insert(heard.samples.end(), rest.samples.begin(), rest.samples.end());
    const auto frames = static_cast<std::size_t>(cut * 2);
    EXPECT_TRUE(std::equal(heard.samples.begin(), heard.samples.begin() + static_cast<std::ptrdiff_t>(frames),
                           whole.samples.begin()))
        << rate;
    EXPECT_TRUE(std::equal(heard.samples.begin() + static_cast<std::ptrdiff_t>(frames), heard.samples.end(),
                           other.samples.begin()))
        << rate;
    EXPECT_TRUE(failures.empty());
  }
}

}  // namespace
}  // namespace tutti::media
