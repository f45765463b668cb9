// The packets of a station: their times, their titles, and that what a plain MP3 player hears lies where they
// say.
#include "media/station_producer.h"

#include "media/frame_decoder.h"
#include "tests/media/test_audio.h"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

using namespace test;

// What a player hears that knows nothing of delays: every frame's 1152 samples, from the first.
Pcm play_plainly(const std::vector<PacketPtr>& packets, const std::filesystem::path& file) {
  std::string bytes;
  for (const PacketPtr& packet : packets) bytes.append(packet->bytes.begin(), packet->bytes.end());
  write_text(file, bytes);
  return decode(file);
}

class StationProducerTest : public testing::Test {
 protected:
  void SetUp() override {
    write_wav(dir / "a.wav", a);
    write_wav(dir / "b.wav", b);
    segments = {{TrackId{1}, (dir / "a.wav").string(), "A", 0, a.frames()},
                {TrackId{2}, (dir / "b.wav").string(), "B", a.frames(), b.frames()}};
  }
  StationProducer start(Frames first) {
    auto producer = StationProducer::start({{Encoding{}}, epoch, first, 2});
    EXPECT_TRUE(producer);
    return std::move(*producer);
  }
  void produce(StationProducer& producer, Frames until) {
    producer.produce(
        segments, until, [this](std::size_t, PacketPtr packet) { packets.push_back(std::move(packet)); },
        [this](const Segment&, const Error&) { ++failures; });
  }
  Frames frame_of(const Packet& packet) const { return frames_in(packet.at - epoch, 44100); }

  std::filesystem::path dir = fresh_dir("producer");
  Pcm a = music(44100, 2, 4, 1), b = music(44100, 2, 4, 2);
  ServerTime epoch{Duration{-12'345'678}};
  std::vector<Segment> segments;
  std::vector<PacketPtr> packets;
  int failures = 0;
};

TEST_F(StationProducerTest, PacketsFollowOneAnotherWithoutAGap) {
  auto producer = start(50000);
  for (Frames until = 60000; until <= 350000; until += 7777) produce(producer, until);
  ASSERT_GT(packets.size(), 20u);
  EXPECT_LE(packets[0]->at, epoch + duration_of(50000, 44100));
  EXPECT_GT(packets[0]->at + packets[0]->duration, epoch + duration_of(50000, 44100));
  EXPECT_GT(frame_of(*packets[0]) + 1152, 50000);
  for (std::size_t i = 0; i + 1 < packets.size(); ++i) {
    EXPECT_EQ(packets[i]->at + packets[i]->duration, packets[i + 1]->at);
    EXPECT_LE(packets[i]->duration, duration_of(8 * 1152, 44100) + Duration{1});
  }
}

TEST_F(StationProducerTest, APlainPlayerHearsEachPacketAtItsTime) {
  for (const Frames first : {Frames{0}, Frames{50000}}) {
    packets.clear();
    auto producer = start(first);
    produce(producer, 300000);
    const Pcm heard = play_plainly(packets, dir / "plain.mp3");
    Pcm all = a;
    all.samples.insert(all.samples.end(), b.samples.begin(), b.samples.end());
    const Pcm source = all.part(std::max<Frames>(0, frame_of(*packets[0])), 300000);
    const Frames lead = std::max<Frames>(0, -frame_of(*packets[0]));
    EXPECT_EQ(lag_of(heard, source, 10000, 2500), lead);
    EXPECT_EQ(lag_of(heard, source, 130000, 2500), lead);
    EXPECT_LT(largest_difference(heard.part(lead + 1200, 100000), source.part(1200, 100000)), 0.2);
  }
}

TEST_F(StationProducerTest, TitlesBeginWithTheFirstFrameThatHoldsTheirTrack) {
  auto producer = start(-10000);
  produce(producer, segments.back().end() + 30000);
  std::vector<PacketPtr> firsts;
  for (const PacketPtr& packet : packets) {
    if (firsts.empty() || firsts.back()->title != packet->title) firsts.push_back(packet);
  }
  ASSERT_EQ(firsts.size(), 4u);
  EXPECT_EQ(*firsts[0]->title, "");
  EXPECT_EQ(*firsts[1]->title, "A");
  EXPECT_EQ(*firsts[2]->title, "B");
  EXPECT_EQ(*firsts[3]->title, "");
  EXPECT_LE(frame_of(*firsts[1]), 0);
  EXPECT_GT(frame_of(*firsts[1]) + 1152, 0);
  EXPECT_LE(frame_of(*firsts[2]), segments[1].first);
  EXPECT_GT(frame_of(*firsts[2]) + 1152, segments[1].first);
}

TEST_F(StationProducerTest, AFailedTrackIsToldOnceAndIsSilent) {
  std::filesystem::remove(dir / "a.wav");
  auto producer = start(0);
  produce(producer, 100000);
  produce(producer, 300000);
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(*packets[3]->title, "A");
}

TEST_F(StationProducerTest, MonoAndStereoSideBySide) {
  std::vector<std::size_t> counts(2);
  auto producer =
      StationProducer::start({{Encoding{}, Encoding{.channels = 1, .bitrate = 64'000}}, epoch, 0, 2});
  ASSERT_TRUE(producer);
  producer->produce(
      segments, 100000, [&](std::size_t encoding, PacketPtr) { ++counts[encoding]; }, [](auto&&...) {});
  EXPECT_GT(counts[0], 8u);
  EXPECT_EQ(counts[0], counts[1]);
}

TEST_F(StationProducerTest, RefusesWhatItCannotEncode) {
  EXPECT_FALSE(StationProducer::start({{}, epoch, 0, 2}));
  EXPECT_FALSE(StationProducer::start({{Encoding{.rate = 22050}}, epoch, 0, 2}));
  EXPECT_FALSE(StationProducer::start({{Encoding{}, Encoding{.rate = 48000}}, epoch, 0, 2}));
  EXPECT_FALSE(StationProducer::start({{Encoding{.channels = 3}}, epoch, 0, 2}));
}

TEST_F(StationProducerTest, TheFirstPacketIsThereAtOnce) {
  using SteadyClock = std::chrono::steady_clock;
  ffmpeg({"-stream_loop", "15", "-i", (dir / "a.wav").string(), "-b:a", "128k", (dir / "long.mp3").string()});
  segments = {{TrackId{1}, (dir / "long.mp3").string(), "A", 0, 60 * 44100}};
  const auto begin = SteadyClock::now();
  SteadyClock::time_point first{};
  auto producer = start(25 * 44100);
  producer.produce(
      segments, 50 * 44100,
      [&](std::size_t, PacketPtr) {
        if (first == SteadyClock::time_point{}) first = SteadyClock::now();
      },
      [](auto&&...) {});
  const auto seconds = [](auto duration) { return std::chrono::duration<double>(duration).count(); };
  RecordProperty("first_packet_ms", std::to_string(1000 * seconds(first - begin)));
  RecordProperty("times_realtime", std::to_string(25 / seconds(SteadyClock::now() - begin)));
  EXPECT_LT(seconds(first - begin), 0.25);  // some milliseconds on an idle machine
}

}  // namespace
}  // namespace tutti::media
