#include "protocol/pcm_stream.h"

#include "base/utf8.h"

#include <charconv>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

namespace tutti::protocol {
namespace {

constexpr Frames kLeastChunk = 256, kMostChunk = 16384;
constexpr Frames kLastFirst = Frames{1} << 40;

// nullopt: not a whole number from `least` to `most`.
std::optional<Frames> whole_number(std::string_view text, Frames least, Frames most) {
  Frames value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    return std::nullopt;
  }
  return value;
}

bool is_request(std::string_view message) {
  const auto last = message.find_last_not_of(" \t\r\n");
  message = message.substr(0, last == message.npos ? 0 : last + 1);
  return message == "PLAY" || message == "Quero desafiar a gravidade!";
}

}  // namespace

Result<Frames> parse_chunk_frames(std::string_view text) {
  if (text.empty()) return kPcmChunk;
  const auto frames = whole_number(text, kLeastChunk, kMostChunk);
  if (!frames) return fail("chunk_frames is a whole number from 256 to 16384, such as 8192 or 2048");
  return *frames;
}

Result<Frames> parse_first_frame(std::string_view text) {
  if (text.empty()) return 0;
  const auto frame = whole_number(text, 0, kLastFirst);
  if (!frame) return fail("first_frame is a whole number of frames, from 0");
  return *frame;
}

PcmStream::Answer PcmStream::on_message(std::string_view message) {
  if (!is_request(message)) return {false, "Então você disse que: " + to_valid_utf8(message)};
  if (state_ != State::idle) return {};
  state_ = State::opening;
  return {true, std::nullopt};
}

// Written by hand: existing clients parse JSON, but the document shows these very characters.
std::string PcmStream::on_opened(const PcmFormat& format, ServerTime now) {
  state_ = State::playing;
  format_ = format;
  started_ = now;
  position_ = first_;
  std::string header = R"({"type": "audio_header", "rate": )" + std::to_string(format.rate);
  header += R"(, "channels": )" + std::to_string(format.channels);
  header += R"(, "sample_width": )" + std::to_string(format.sample_width);
  header += R"(, "chunk_frames": )" + std::to_string(chunk_frames_);
  if (format.is_float) header += R"(, "format": "float")";
  if (first_ > 0) header += R"(, "first_frame": )" + std::to_string(first_);
  return header + "}";
}

std::string PcmStream::on_failed(std::string_view why) {
  state_ = State::idle;
  const boost::json::value text(boost::json::string(to_valid_utf8(why)));
  return R"({"type": "error", "message": )" + boost::json::serialize(text) + "}";
}

std::optional<std::string> PcmStream::on_chunk(Frames frames) {
  position_ += frames;
  if (frames == chunk_frames_) return std::nullopt;
  state_ = State::idle;
  return R"({"type": "end"})";
}

}  // namespace tutti::protocol
