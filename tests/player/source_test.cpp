#include "player/source.h"

#include "player/wav_header.h"

#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes noise(std::size_t size) {
  std::mt19937 random(3);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

Bytes read_all(Source& source) {
  Bytes heard, piece(5'000);
  for (;;) {
    const auto got = source.read(piece);
    EXPECT_TRUE(got);
    if (!got || !*got) return heard;
    EXPECT_EQ(**got % frame_bytes(source.format()), 0u);
    heard.insert(heard.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(**got));
  }
}

void append_slowly(Spool& spool, const Bytes& bytes, std::size_t step) {
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    ASSERT_TRUE(spool.append(std::span(bytes).subspan(at, std::min(step, bytes.size() - at))));
  }
  spool.finish();
}

TEST(Source, OfSamplesGivesThemWhole) {
  const PcmFormat format = pcm_format(44'100, 3, SampleFormat::s24);
  const Stream stream{format, *Spool::open()};
  const Bytes samples = noise(9 * 40'000);
  auto source = open_source(stream, SampleFormat::f32);
  ASSERT_TRUE(source);
  std::thread writer([&] { append_slowly(*stream.bytes, samples, 9 * 777); });
  EXPECT_EQ(read_all(**source), samples);
  writer.join();
}

// A WAV file is decoded while it arrives, to the very samples.
TEST(Source, OfAFileDecodesItAsItArrives) {
  const PcmFormat format = pcm_format(44'100, 2, SampleFormat::s16);
  const Bytes samples = noise(4 * 100'000);
  Bytes file = wav_header(format, samples.size());
  file.insert(file.end(), samples.begin(), samples.end());
  const Stream stream{{}, *Spool::open()};
  std::thread writer([&] { append_slowly(*stream.bytes, file, 10'000); });
  auto source = open_source(stream, SampleFormat::s16);
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ((*source)->format(), format);
  EXPECT_EQ(read_all(**source), samples);
  writer.join();
}

TEST(Source, OfWhatIsNoAudioIsRefused) {
  const Stream stream{{}, *Spool::open()};
  const std::string text = "<html><body>Not here</body></html>";
  ASSERT_TRUE(stream.bytes->append(Bytes(text.begin(), text.end())));
  stream.bytes->finish();
  const auto source = open_source(stream, SampleFormat::s16);
  ASSERT_FALSE(source);
  EXPECT_NE(source.error().message.find("cannot be played"), std::string::npos);
}

}  // namespace
}  // namespace tutti::player
