// Both conversations, without a socket: messages go in, streams come out.
#include "player/conversation.h"

#include "player/file_conversation.h"
#include "player/pcm_conversation.h"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;
using Next = Conversation::Next;

const std::string kHeader =
    R"({"type": "audio_header", "rate": 44100, "channels": 2, "sample_width": 2, "chunk_frames": 4})";
const std::string kEnd = R"({"type": "end"})";

Bytes chunk(std::uint8_t first) {
  Bytes bytes(16);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(first + i);
  return bytes;
}

Bytes all_of(const Stream& stream) {
  Bytes bytes(static_cast<std::size_t>(stream.bytes->size()));
  bytes.resize(stream.bytes->read_some(0, bytes, 0ms));
  return bytes;
}

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(PcmConversation, BringsTheSamplesAndEnds) {
  Mailbox<Stream> streams;
  PcmConversation talk(streams, AfterLoss::start_over);
  EXPECT_EQ(talk.begin(), "PLAY");
  EXPECT_FALSE(talk.has_begun());
  EXPECT_EQ(talk.on_text(kHeader, {}), Next::more);
  EXPECT_TRUE(talk.has_begun());
  const auto stream = streams.take();
  ASSERT_TRUE(stream && stream->format);
  EXPECT_EQ(*stream->format, (pcm_format(44'100, 2, SampleFormat::s16)));
  EXPECT_EQ(talk.on_binary(chunk(0)), Next::more);
  EXPECT_EQ(talk.on_binary(chunk(50)), Next::more);
  EXPECT_EQ(talk.on_text(kEnd, {}), Next::done);
  EXPECT_EQ(all_of(*stream), chunk(0) + chunk(50));
  EXPECT_FALSE(stream->bytes->is_finished());
  talk.finish();
  EXPECT_TRUE(stream->bytes->is_finished());
}

TEST(PcmConversation, ARecordingCarriesOnWhereItBrokeOff) {
  Mailbox<Stream> streams;
  PcmConversation talk(streams, AfterLoss::carry_on);
  talk.begin();
  ASSERT_TRUE(talk.on_text(kHeader, {}));
  const auto stream = streams.take();
  ASSERT_TRUE(talk.on_binary(chunk(0)));
  EXPECT_EQ(talk.progress(), 16);
  talk.begin();
  ASSERT_TRUE(talk.on_text(kHeader, {}));
  EXPECT_EQ(talk.progress(), 16);
  ASSERT_TRUE(talk.on_binary(chunk(0)));
  EXPECT_EQ(talk.progress(), 16) << "all of this was there";
  ASSERT_TRUE(talk.on_binary(chunk(50)));
  EXPECT_EQ(talk.progress(), 32);
  EXPECT_EQ(talk.on_text(kEnd, {}), Next::done);
  EXPECT_EQ(all_of(*stream), chunk(0) + chunk(50));
}

TEST(PcmConversation, ARecordingIsNotMadeOfTwoThings) {
  Mailbox<Stream> streams;
  PcmConversation talk(streams, AfterLoss::carry_on);
  talk.begin();
  ASSERT_TRUE(talk.on_text(kHeader, {}));
  ASSERT_TRUE(talk.on_binary(chunk(0)));
  talk.begin();
  std::string other = kHeader;
  other.replace(other.find("44100"), 5, "48000");
  EXPECT_FALSE(talk.on_text(other, {}));
  talk.begin();
  ASSERT_TRUE(talk.on_text(kHeader, {}));
  EXPECT_FALSE(talk.on_binary(chunk(9)));
  talk.begin();
  ASSERT_TRUE(talk.on_text(kHeader, {}));
  EXPECT_FALSE(talk.on_text(kEnd, {})) << "shorter than before";
}

TEST(PcmConversation, EarsGetTheStartAgainAndNothingOfTheOldStream) {
  Mailbox<Stream> streams;
  PcmConversation talk(streams, AfterLoss::start_over);
  talk.begin();
  ASSERT_TRUE(talk.on_text(kHeader, {}));
  const auto first = streams.take();
  ASSERT_TRUE(talk.on_binary(chunk(0)));
  talk.begin();
  EXPECT_FALSE(first->bytes->is_finished()) << "what is there plays on while the connection is made";
  ASSERT_TRUE(talk.on_text(kHeader, {}));
  EXPECT_TRUE(first->bytes->is_finished());
  EXPECT_TRUE(all_of(*first).empty());
  const auto second = streams.take();
  ASSERT_TRUE(talk.on_binary(chunk(0)));
  EXPECT_EQ(talk.progress(), 16) << "as far as before";
  ASSERT_TRUE(talk.on_binary(chunk(50)));
  EXPECT_EQ(talk.progress(), 32);
  EXPECT_EQ(all_of(*second), chunk(0) + chunk(50));
  EXPECT_NE(talk.consequence().find("start"), std::string::npos);
}

TEST(FileConversation, ThePiecesAreTheFileAndTheCloseIsItsEnd) {
  Mailbox<Stream> streams;
  FileConversation talk(streams);
  EXPECT_EQ(talk.begin(), "");
  ASSERT_TRUE(talk.on_binary(chunk(0)));
  const auto stream = streams.take();
  ASSERT_TRUE(stream);
  EXPECT_FALSE(stream->format);
  EXPECT_EQ(talk.on_closed(1006, ""), Next::more) << "lost";
  talk.begin();
  ASSERT_TRUE(talk.on_binary(chunk(0) + chunk(50)));
  EXPECT_EQ(talk.on_closed(1000, ""), Next::done);
  EXPECT_EQ(all_of(*stream), chunk(0) + chunk(50));
}

TEST(FileConversation, SaysWhyThereIsNoFile) {
  Mailbox<Stream> streams;
  FileConversation talk(streams);
  talk.begin();
  const auto refused = talk.on_closed(1011, "no such track");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("no such track"), std::string::npos);
  const auto nothing = talk.on_closed(1000, "");
  ASSERT_FALSE(nothing);
  EXPECT_NE(nothing.error().message.find("without sending anything"), std::string::npos);
  EXPECT_FALSE(talk.on_text("hello", {}));
}

TEST(JudgeEarlyClose, SomeCodesPassAndSomeAreErrors) {
  for (const int code : {1000, 1001, 1005, 1006, 1012, 1013})
    EXPECT_EQ(judge_early_close(code, "x"), Next::more);
  for (const int code : {1002, 1003, 1007, 1008, 1009, 1011, 4000})
    EXPECT_FALSE(judge_early_close(code, "x")) << code;
  EXPECT_NE(judge_early_close(1008, "").error().message.find("1008"), std::string::npos);
}

}  // namespace
}  // namespace tutti::player
