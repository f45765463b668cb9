#include "protocol/icy.h"

#include "base/utf8.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

std::string text_of(const IcyBlockPtr& block) {
  EXPECT_EQ(block->size(), 1 + 16u * (*block)[0]);
  std::string text(block->begin() + 1, block->end());
  text.resize(text.find_last_not_of('\0') + 1);
  return text;
}

TEST(IcyBlock, HoldsTheTitle) {
  EXPECT_EQ(text_of(icy_metadata_block("Хор - Тишина 🎧")), "StreamTitle='Хор - Тишина 🎧';");
  EXPECT_EQ(text_of(icy_metadata_block("")), "StreamTitle='';");
  EXPECT_EQ(text_of(icy_metadata_block("Rock 'n' Roll")), "StreamTitle='Rock 'n' Roll';");
  EXPECT_EQ(text_of(icy_metadata_block("a';b")), "StreamTitle='a’;b';") << "would end the title early";
}

TEST(IcyBlock, CutsLongTitlesAtACharactersEdge) {
  for (std::size_t pad = 0; pad < 4; ++pad) {
    std::string title(pad, 'x');
    while (title.size() < 6000) title += "ж";
    const std::string text = text_of(icy_metadata_block(title));
    EXPECT_LE(text.size(), 4080u);
    EXPECT_EQ(to_valid_utf8(text), text);
    EXPECT_TRUE(text.ends_with("';"));
  }
}

// What a client makes of the stream: audio, and (audio bytes before it, block) for every block.
struct Received {
  std::vector<std::uint8_t> audio;
  std::vector<std::pair<std::size_t, std::string>> titles;
};

Received read_as_client(const std::vector<std::uint8_t>& stream, std::uint32_t interval) {
  Received out;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t audio = std::min<std::size_t>(interval, stream.size() - at);
    out.audio.insert(out.audio.end(), stream.begin() + static_cast<std::ptrdiff_t>(at),
                     stream.begin() + static_cast<std::ptrdiff_t>(at + audio));
    at += audio;
    if (at >= stream.size()) break;
    const std::size_t length = std::size_t{stream[at]} * 16;
    ++at;
    if (length > 0) out.titles.emplace_back(out.audio.size(), std::string(&stream[at], &stream[at] + length));
    at += length;
  }
  return out;
}

// However the network cuts the writes, the client gets all audio, and each title at the first block of its
// audio.
TEST(IcyInterleaver, AudioAndTitlesSurviveAnyCutOfWrites) {
  std::mt19937 random(4);
  for (int round = 0; round < 200; ++round) {
    const auto interval = static_cast<std::uint32_t>(16 + random() % 500);
    std::vector<std::vector<std::uint8_t>> packets;
    std::vector<IcyBlockPtr> blocks;
    std::vector<std::uint8_t> audio;
    for (int i = 0; i < 30; ++i) {
      std::vector<std::uint8_t> packet(1 + random() % 300);
      for (auto& byte : packet) byte = static_cast<std::uint8_t>(random());
      audio.insert(audio.end(), packet.begin(), packet.end());
      const bool same = !blocks.empty() && random() % 3 != 0;
      blocks.push_back(same ? blocks.back() : icy_metadata_block("title " + std::to_string(i)));
      packets.push_back(std::move(packet));
    }
    IcyInterleaver icy(interval);
    std::vector<std::uint8_t> wire;
    for (std::size_t i = 0; i < packets.size(); ++i) {
      for (std::size_t offset = 0; offset < packets[i].size();) {
        const auto front = icy.front(std::span(packets[i]).subspan(offset), blocks[i]);
        ASSERT_FALSE(front.empty());
        const std::size_t sent = 1 + random() % front.size();
        wire.insert(wire.end(), front.begin(), front.begin() + static_cast<std::ptrdiff_t>(sent));
        offset += icy.skip(sent);
      }
    }
    const Received received = read_as_client(wire, interval);
    ASSERT_EQ(received.audio, audio);
    for (const auto& [position, text] : received.titles) {
      std::size_t begin = 0, index = 0;
      while (begin + packets[index].size() <= position) begin += packets[index++].size();
      ASSERT_TRUE(text.starts_with(std::string(blocks[index]->begin() + 1, blocks[index]->end())))
          << "the block names the audio that follows it";
    }
    ASSERT_FALSE(received.titles.empty());
  }
}

}  // namespace
}  // namespace tutti::protocol
