#include "protocol/pcm_client.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

constexpr const char* kHeader =
    R"({"type": "audio_header", "rate": 44100, "channels": 2, "sample_width": 2, "chunk_frames": 8192})";

std::string header(const std::string& name, const std::string& value) {
  std::string text = R"({"type":"audio_header")";
  for (const auto& [key, usual] : {std::pair<std::string, std::string>{"rate", "44100"},
                                   {"channels", "2"},
                                   {"sample_width", "4"},
                                   {"chunk_frames", "8192"}}) {
    const std::string& chosen = key == name ? value : usual;
    if (!chosen.empty()) text += ",\"" + key + "\":" + chosen;
  }
  return text + (name == "more" ? "," + value : "") + "}";
}

std::string error_of(const Result<PcmHeader>& result) { return result ? "" : result.error().message; }

TEST(PcmHeader, SaysWhatTheSamplesAre) {
  const auto read = parse_pcm_header(kHeader);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->format, (PcmFormat{44'100, 2, 2, false}));
  EXPECT_EQ(read->chunk_frames, 8192);
  EXPECT_EQ(read->chunk_bytes(), 32'768u);
  EXPECT_EQ(parse_pcm_header(header("sample_width", "1"))->format.sample_width, 1);
  EXPECT_EQ(parse_pcm_header(header("sample_width", "3"))->format.sample_width, 3);
  EXPECT_FALSE(parse_pcm_header(header("", ""))->format.is_float);
  EXPECT_TRUE(parse_pcm_header(header("more", R"("format":"float")"))->format.is_float);
  std::string narrow = header("sample_width", "2");
  narrow.insert(narrow.size() - 1, R"(,"format":"float")");
  EXPECT_FALSE(parse_pcm_header(narrow));
  EXPECT_EQ(parse_pcm_header(header("more", R"("title":"what nobody knows yet")"))->format.rate, 44'100);
}

TEST(PcmHeader, ARefusalNamesWhatIsWrong) {
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"rate", "0"},
                                                        {"rate", "-44100"},
                                                        {"rate", "999"},
                                                        {"rate", "768001"},
                                                        {"rate", "\"44100\""},
                                                        {"rate", "44100.5"},
                                                        {"rate", ""},
                                                        {"channels", "0"},
                                                        {"channels", "65"},
                                                        {"channels", "null"},
                                                        {"channels", ""},
                                                        {"sample_width", "0"},
                                                        {"sample_width", "5"},
                                                        {"sample_width", "[2]"},
                                                        {"sample_width", ""},
                                                        {"chunk_frames", "0"},
                                                        {"chunk_frames", ""},
                                                        {"chunk_frames", "1e99"},
                                                        {"chunk_frames", "65537"},
                                                        {"rate", "99999999999999999999"}}) {
    const std::string error = error_of(parse_pcm_header(header(name, value)));
    EXPECT_NE(error.find("\"" + name + "\""), std::string::npos) << name << "=" << value << ": " << error;
  }
}

TEST(PcmHeader, SomethingElseIsShown) {
  EXPECT_NE(error_of(parse_pcm_header("Então você disse que: PLAY")).find("Então você disse"),
            std::string::npos);
  EXPECT_NE(error_of(parse_pcm_header(R"({"type":"end"})")).find("end"), std::string::npos);
  EXPECT_NE(error_of(parse_pcm_header("[1]")).find("[1]"), std::string::npos);
  EXPECT_NE(error_of(parse_pcm_header("")).find("expected the audio header"), std::string::npos);
  const std::string flood = error_of(parse_pcm_header(std::string(1 << 20, 'x')));
  EXPECT_LT(flood.size(), 300u);
  EXPECT_NE(flood.find("xxx"), std::string::npos);
  EXPECT_NE(error_of(parse_pcm_header(R"({"type":"error","message":"no such track"})")).find("no such track"),
            std::string::npos);
  EXPECT_NE(error_of(parse_pcm_header(R"({"type":"error"})")).find("the server says"), std::string::npos);
}

TEST(PcmClient, FollowsAStreamToItsEnd) {
  PcmClient client;
  const std::vector<std::uint8_t> chunk(32'768, 1), last(4, 2);
  EXPECT_TRUE(std::holds_alternative<PcmHeader>(*client.on_text(kHeader)));
  const auto audio = client.on_binary(chunk);
  ASSERT_TRUE(audio && std::holds_alternative<PcmAudio>(*audio));
  EXPECT_EQ(std::get<PcmAudio>(*audio).bytes.data(), chunk.data());
  EXPECT_TRUE(std::holds_alternative<PcmNothing>(*client.on_text("hello")));
  EXPECT_TRUE(std::holds_alternative<PcmNothing>(*client.on_text(R"({"type":"title"})")));
  EXPECT_EQ(std::get<PcmAudio>(*client.on_binary(last)).bytes.size(), 4u);
  EXPECT_TRUE(std::holds_alternative<PcmEnd>(*client.on_text(R"({"type": "end"})")));
  EXPECT_TRUE(std::holds_alternative<PcmNothing>(*client.on_binary(chunk)));
  EXPECT_TRUE(std::holds_alternative<PcmNothing>(*client.on_text(kHeader)));
}

TEST(PcmClient, WhatIsNoSuchStreamEndsIt) {
  const std::vector<std::uint8_t> bytes(32'769);
  {
    PcmClient client;
    const auto early = client.on_binary(bytes);
    ASSERT_FALSE(early);
    EXPECT_NE(early.error().message.find("32769 bytes of data"), std::string::npos);
  }
  PcmClient client;
  ASSERT_TRUE(client.on_text(kHeader));
  EXPECT_FALSE(client.on_binary(bytes)) << "longer than announced";
  EXPECT_FALSE(client.on_binary(std::span(bytes).first(3))) << "part of a frame";
  EXPECT_FALSE(client.on_text(kHeader)) << "a second header";
  const auto error = client.on_text(R"({"type":"error","message":"the disk is gone"})");
  ASSERT_FALSE(error);
  EXPECT_NE(error.error().message.find("the disk is gone"), std::string::npos);
}

}  // namespace
}  // namespace tutti::protocol
