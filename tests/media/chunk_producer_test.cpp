// The packets of players in sync: that every sample is where its packet says, in every encoding, across the
// joins of tracks and of producers.
#include "media/chunk_producer.h"

#include "domain/visualization.h"
#include "media/ffmpeg.h"
#include "tests/media/test_audio.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

using namespace test;
using Codec = Encoding::Codec;

Encoding encoding(Codec codec, int rate, int channels = 2, int bits = 16) {
  return player_encoding(codec, rate, channels, bits).value();
}

// What packets of raw samples hold.
Pcm unpack(const std::vector<PacketPtr>& packets, const Encoding& encoding) {
  Pcm pcm{encoding.rate, encoding.channels, {}};
  const int width = encoding.bit_depth / 8;
  for (const PacketPtr& packet : packets) {
    for (std::size_t i = 0; i < packet->bytes.size(); i += static_cast<std::size_t>(width)) {
      std::uint32_t bits = 0;
      for (int byte = 0; byte < width; ++byte) {
        bits |= std::uint32_t{packet->bytes[i + static_cast<std::size_t>(byte)]} << (8 * (byte + 4 - width));
      }
      pcm.samples.push_back(static_cast<float>(std::ldexp(static_cast<std::int32_t>(bits), -31)));
    }
  }
  return pcm;
}

Pcm play_flac(const std::vector<PacketPtr>& packets, const Encoding& encoding,
              const std::filesystem::path& file) {
  const auto header = codec_header(encoding);
  std::string bytes(header.begin(), header.end());
  for (const PacketPtr& packet : packets) bytes.append(packet->bytes.begin(), packet->bytes.end());
  write_text(file, bytes);
  return decode(file);
}

// As libopus plays them, from the first sample on: it knows nothing of the encoder's delay.
Pcm play_opus(const std::vector<PacketPtr>& packets, int channels) {
  const AVCodec* decoder = avcodec_find_decoder_by_name("libopus");
  CodecContextPtr codec(avcodec_alloc_context3(decoder));
  codec->sample_rate = 48000;
  codec->request_sample_fmt = AV_SAMPLE_FMT_FLT;
  av_channel_layout_default(&codec->ch_layout, channels);
  EXPECT_EQ(avcodec_open2(codec.get(), decoder, nullptr), 0);
  AvPacketPtr packet(av_packet_alloc());
  AvFramePtr frame(av_frame_alloc());
  Pcm pcm{48000, channels, {}};
  for (const PacketPtr& made : packets) {
    av_new_packet(packet.get(), static_cast<int>(made->bytes.size()));
    std::copy(made->bytes.begin(), made->bytes.end(), packet->data);
    EXPECT_EQ(avcodec_send_packet(codec.get(), packet.get()), 0);
    EXPECT_EQ(avcodec_receive_frame(codec.get(), frame.get()), 0);
    EXPECT_EQ(frame->format, AV_SAMPLE_FMT_FLT);
    const auto* samples = reinterpret_cast<const float*>(frame->data[0]);
    pcm.samples.insert(pcm.samples.end(), samples, samples + frame->nb_samples * channels);
    av_packet_unref(packet.get());
  }
  return pcm;
}

double level_of(const Pcm& pcm) {
  double sum = 0;
  for (const float sample : pcm.samples) sum += static_cast<double>(sample) * static_cast<double>(sample);
  return std::sqrt(sum / static_cast<double>(pcm.samples.size()));
}

Pcm silence(int rate, int channels, Frames frames) {
  return {rate, channels, std::vector<float>(static_cast<std::size_t>(frames * channels))};
}

Pcm operator+(Pcm a, const Pcm& b) {
  a.samples.insert(a.samples.end(), b.samples.begin(), b.samples.end());
  return a;
}

class ChunkProducerTest : public testing::Test {
 protected:
  // Behind the last segment, as long as the file.
  void add(const Pcm& pcm, int bits = 16) {
    const auto id = static_cast<std::int64_t>(segments.size()) + 1;
    const auto file = dir / (std::to_string(id) + ".wav");
    write_wav(file, pcm, bits);
    const Frames first = segments.empty() ? 0 : segments.back().end();
    segments.push_back({TrackId{id}, file.string(), "", first, rescale(pcm.frames(), pcm.rate, clock.rate)});
  }
  ChunkProducer start(const Encoding& wanted, ServerTime first) {
    auto producer = ChunkProducer::start({wanted, clock, first, 2});
    EXPECT_TRUE(producer);
    return std::move(*producer);
  }
  void produce(ChunkProducer& producer, Frames until) {
    producer.produce(
        segments, until, [this](PacketPtr packet) { packets.push_back(std::move(packet)); },
        [this](const Segment&, const Error&) { ++failures; });
  }
  // From programme frame `first` to `until`.
  const std::vector<PacketPtr>& make(const Encoding& wanted, Frames first, Frames until) {
    packets.clear();
    auto producer = start(wanted, clock.time_of(first));
    produce(producer, until);
    return packets;
  }
  void expect_no_gap(const Encoding& wanted) const {
    const FrameClock own{clock.epoch, wanted.rate};
    const Frames first = own.frame_at(packets.front()->at);
    for (std::size_t i = 0; i < packets.size(); ++i) {
      const auto n = static_cast<Frames>(i);
      EXPECT_EQ(packets[i]->frames, chunk_frames(wanted));
      EXPECT_EQ(packets[i]->at, own.time_of(first + n * chunk_frames(wanted)));
      EXPECT_EQ(packets[i]->at + packets[i]->duration, own.time_of(first + (n + 1) * chunk_frames(wanted)));
    }
  }

  std::filesystem::path dir = fresh_dir("chunks");
  FrameClock clock{{Duration{-12'345'678}}, 44100};
  std::vector<Segment> segments;
  std::vector<PacketPtr> packets;
  int failures = 0;
};

TEST_F(ChunkProducerTest, PcmIsTheTracksSamplesAcrossTheirJoin) {
  const Pcm a = music(44100, 2, 3.1, 1), b = music(44100, 2, 2.2, 2);
  add(a);
  add(b);
  const auto wanted = encoding(Codec::pcm, 44100);
  const Frames end = segments.back().end();
  make(wanted, 0, end);
  expect_no_gap(wanted);
  EXPECT_EQ(packets.front()->at, clock.epoch);
  EXPECT_EQ(unpack(packets, wanted).part(0, end).samples, (a + b).samples);
  make(wanted, 12'345, end);
  expect_no_gap(wanted);
  EXPECT_EQ(packets.front()->at, clock.time_of(12'345));
  EXPECT_EQ(unpack(packets, wanted).part(0, end - 12'345).samples, (a + b).part(12'345, end).samples);
  make(wanted, -1000, 5000);
  EXPECT_EQ(unpack(packets, wanted).part(0, 5000).samples,
            (silence(44100, 2, 1000) + a).part(0, 5000).samples);
  EXPECT_EQ(failures, 0);
}

TEST_F(ChunkProducerTest, OrderingLittleByLittleChangesNothing) {
  add(music(44100, 2, 2, 1));
  add(music(44100, 2, 2, 2));
  for (const Codec codec : {Codec::pcm, Codec::flac, Codec::opus}) {
    const auto wanted = encoding(codec, 48000);
    const auto at_once = make(wanted, 0, 150'000);
    packets.clear();
    auto producer = start(wanted, clock.time_of(0));
    for (Frames until = 777; until < 150'000; until += 7777) produce(producer, until);
    produce(producer, 150'000);
    ASSERT_EQ(packets.size(), at_once.size());
    for (std::size_t i = 0; i < packets.size(); ++i) EXPECT_EQ(packets[i]->bytes, at_once[i]->bytes) << i;
  }
}

TEST_F(ChunkProducerTest, AProducerGoesOnWhereAnotherEnded) {
  add(music(44100, 2, 4));
  const auto wanted = encoding(Codec::pcm, 48000);
  const Pcm whole = unpack(make(wanted, 500, 150'000), wanted);
  make(wanted, 500, 70'000);
  auto second = start(wanted, packets.back()->at + packets.back()->duration);
  produce(second, 150'000);
  expect_no_gap(wanted);
  const Pcm joined = unpack(packets, wanted);
  EXPECT_EQ(joined.frames(), whole.frames());
  EXPECT_LT(largest_difference(joined, whole), 2.0 / 32768)
      << "a resampler that began elsewhere rounds elsewhere";
}

// 24 bits in, 24 bits out: and a player whose rate is the file's gets the file, whatever the station's is.
TEST_F(ChunkProducerTest, AFileInThePlayersFormatPassesUnchanged) {
  Pcm fine = music(48000, 2, 2.5);
  for (std::size_t i = 0; i < fine.samples.size(); ++i) {
    fine.samples[i] =
        static_cast<float>(std::ldexp(std::lround(std::ldexp(fine.samples[i] * 0.7f, 23)), -23));
  }
  // Lengths that are no whole number of the station's frames.
  add(fine.part(0, 50'001), 24);
  add(fine.part(50'001, 1'000'000), 24);
  const auto wanted = encoding(Codec::pcm, 48000, 2, 24);
  make(wanted, 0, segments.back().end());
  expect_no_gap(wanted);
  const Pcm heard = unpack(packets, wanted);
  EXPECT_EQ(heard.part(0, fine.frames() - 10).samples, fine.part(0, fine.frames() - 10).samples);
}

TEST_F(ChunkProducerTest, FlacDecodesToThePcm) {
  add(music(44100, 2, 2, 1), 24);
  add(music(48000, 2, 1.3, 2), 24);
  for (const int bits : {16, 24}) {
    for (const int rate : {44100, 48000, 96000}) {
      for (const int channels : {1, 2, 6}) {
        const Pcm pcm = unpack(make(encoding(Codec::pcm, rate, channels, bits), 4000, 140'000),
                               encoding(Codec::pcm, rate, channels, bits));
        const auto wanted = encoding(Codec::flac, rate, channels, bits);
        make(wanted, 4000, 140'000);
        expect_no_gap(wanted);
        const Pcm heard = play_flac(packets, wanted, dir / "heard.flac");
        EXPECT_EQ(heard.rate, rate);
        EXPECT_EQ(heard.samples, pcm.samples)
            << rate << " Hz, " << channels << " channels, " << bits << " bits";
      }
    }
  }
}

TEST_F(ChunkProducerTest, OpusIsHeardAtItsTimeAndAsLoud) {
  add(music(48000, 2, 3, 1));
  add(music(48000, 2, 3, 2));
  for (const int channels : {1, 2}) {
    const auto pcm_encoding = encoding(Codec::pcm, 48000, channels);
    const auto wanted = encoding(Codec::opus, 48000, channels);
    for (const Frames first : {Frames{0}, Frames{44'100}}) {
      const Pcm source = unpack(make(pcm_encoding, first, 260'000), pcm_encoding);
      make(wanted, first, 260'000);
      expect_no_gap(wanted);
      EXPECT_EQ(packets.front()->at, clock.time_of(first));
      const Pcm heard = play_opus(packets, channels);
      EXPECT_EQ(lag_of(heard, source, 20'000, 1500), 0);
      EXPECT_EQ(lag_of(heard, source, 150'000, 1500), 0) << "in the second track";
      EXPECT_NEAR(level_of(heard.part(5000, 200'000)) / level_of(source.part(5000, 200'000)), 1, 0.03);
    }
  }
}

TEST_F(ChunkProducerTest, OpusAtLowerRates) {
  add(music(48000, 2, 2));
  for (const int rate : {8000, 12000, 16000, 24000}) {
    const Pcm source =
        unpack(make(encoding(Codec::pcm, 48000, 2), 0, 80'000), encoding(Codec::pcm, 48000, 2));
    const auto wanted = encoding(Codec::opus, rate, 2);
    make(wanted, 0, 80'000);
    expect_no_gap(wanted);
    const Pcm heard = play_opus(packets, 2);
    EXPECT_LE(std::abs(lag_of(heard, source, 20'000, 500)), 48000 / rate + 1) << rate;
  }
}

TEST_F(ChunkProducerTest, ChannelsAreMixedAsTheyShould) {
  const Pcm stereo = music(44100, 2, 1);
  add(stereo);
  const Pcm mono =
      unpack(make(encoding(Codec::pcm, 44100, 1, 24), 0, 40'000), encoding(Codec::pcm, 44100, 1, 24));
  for (std::size_t i = 0; i < 40'000; ++i)
    ASSERT_EQ(mono.samples[i], (stereo.samples[2 * i] + stereo.samples[2 * i + 1]) / 2);
  const Pcm six = unpack(make(encoding(Codec::pcm, 44100, 6), 0, 40'000), encoding(Codec::pcm, 44100, 6));
  for (std::size_t i = 0; i < 40'000; ++i) {
    ASSERT_EQ(six.samples[6 * i], stereo.samples[2 * i]);
    ASSERT_EQ(six.samples[6 * i + 1], stereo.samples[2 * i + 1]);
    for (std::size_t c = 2; c < 6; ++c) ASSERT_EQ(six.samples[6 * i + c], 0.f);
  }
  segments.clear();
  const Pcm one = music(44100, 1, 1);
  add(one);
  for (const int channels : {1, 2}) {
    const auto wanted = encoding(Codec::pcm, 44100, channels);
    const Pcm heard = unpack(make(wanted, 0, 40'000), wanted);
    for (std::size_t i = 0; i < heard.samples.size() && i < 40'000u * static_cast<std::size_t>(channels);
         ++i) {
      ASSERT_EQ(heard.samples[i], one.samples[i / static_cast<std::size_t>(channels)]);
    }
  }
}

TEST_F(ChunkProducerTest, LoudSamplesAreClippedAndNoneWrapsAround) {
  Pcm loud = music(44100, 2, 1);
  for (float& sample : loud.samples) sample *= 8;
  add(loud, -32);
  for (const int bits : {16, 24}) {
    const auto wanted = encoding(Codec::pcm, 44100, 2, bits);
    const Pcm heard = unpack(make(wanted, 0, 40'000), wanted);
    for (std::size_t i = 0; i < 80'000; ++i) {
      ASSERT_NEAR(heard.samples[i], std::clamp(loud.samples[i], -1.f, 1.f), std::ldexp(1.0, 1 - bits));
    }
  }
}

TEST_F(ChunkProducerTest, ThePictureIsOfTheMomentThatItIsShownAt) {
  // A second of silence, then a tone that begins in the middle of a moment.
  Pcm sound = silence(48000, 2, 3 * 48000);
  constexpr Frames kBegin = 48000 + 800;
  for (Frames i = kBegin; i < sound.frames(); ++i) {
    const auto value =
        static_cast<float>(0.5 * std::sin(2 * 3.14159265358979 * 1000 * static_cast<double>(i) / 48000));
    sound.samples[static_cast<std::size_t>(2 * i)] = sound.samples[static_cast<std::size_t>(2 * i + 1)] =
        value;
  }
  add(sound);
  const auto wanted = visualizer_encoding();
  make(wanted, 0, 130'000);
  expect_no_gap(wanted);
  ASSERT_GT(packets.size(), 60u);
  EXPECT_EQ(packets[28]->bytes[0], 0) << "still silent";
  EXPECT_GT(packets[30]->bytes[0], 200);
  EXPECT_LT(packets[30]->bytes[0], packets[31]->bytes[0]) << "half of it";
  EXPECT_NEAR(packets[40]->bytes[2] * 256 + packets[40]->bytes[3], 1000, 1);
  EXPECT_GT(packets[29]->bytes[1] + packets[30]->bytes[1], 0) << "the beat";
  for (std::size_t i = 32; i < packets.size(); ++i) EXPECT_EQ(packets[i]->bytes[1], 0);
}

TEST_F(ChunkProducerTest, AFailedTrackIsToldOnceAndIsSilent) {
  add(music(44100, 2, 1, 1));
  add(music(44100, 2, 1, 2));
  std::filesystem::remove(segments[0].path);
  const auto wanted = encoding(Codec::pcm, 48000);
  make(wanted, 0, 60'000);
  EXPECT_EQ(failures, 1);
  const Pcm heard = unpack(packets, wanted);
  EXPECT_EQ(level_of(heard.part(0, 48'000)), 0);
  EXPECT_GT(level_of(heard.part(48'000, 10'000)), 0.01);
}

TEST_F(ChunkProducerTest, RefusesWhatItCannotEncode) {
  EXPECT_FALSE(ChunkProducer::start({Encoding{}, clock, {}, 2}));
}

}  // namespace
}  // namespace tutti::media
