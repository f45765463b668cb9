#include "protocol/pcm_client.h"

#include "base/utf8.h"

#include <string>

#include <boost/json.hpp>

namespace tutti::protocol {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestText = 64 << 10;

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 100;
  return "'" + to_valid_utf8(text.substr(0, kShown)) + (text.size() > kShown ? "'…" : "'");
}

// The object in a message; an empty one where there is none.
json::object object_in(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error || !value.is_object()) return {};
  return std::move(value.get_object());
}

std::string_view text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

Result<int> number_of(const json::object& object, std::string_view name, int least, int most) {
  const json::value* value = object.if_contains(name);
  if (!value) return fail("the audio header lacks \"" + std::string(name) + "\"");
  const std::int64_t* number = value->if_int64();
  if (!number || *number < least || *number > most) {
    return fail("the audio header's \"" + std::string(name) + "\" is " + quoted(json::serialize(*value)) +
                "; expected " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<int>(*number);
}

Error server_error(const json::object& message) {
  const std::string_view text = text_of(message, "message");
  return {"the server says: " + (text.empty() ? "error" : to_valid_utf8(text.substr(0, 500)))};
}

Result<PcmHeader> read_header(const json::object& object) {
  const auto rate = number_of(object, "rate", 1'000, 768'000);
  if (!rate) return tl::make_unexpected(rate.error());
  const auto channels = number_of(object, "channels", 1, 64);
  if (!channels) return tl::make_unexpected(channels.error());
  const auto width = number_of(object, "sample_width", 1, 4);
  if (!width) return tl::make_unexpected(width.error());
  const auto frames = number_of(object, "chunk_frames", 1, 65'536);
  if (!frames) return tl::make_unexpected(frames.error());
  const bool is_float = text_of(object, "format") == "float";
  if (is_float && *width != 4) {
    return fail("the audio header tells of " + std::to_string(8 * *width) +
                "-bit float samples; 32 bits are known");
  }
  return PcmHeader{{*rate, *channels, *width, is_float}, *frames};
}

}  // namespace

Result<PcmHeader> parse_pcm_header(std::string_view text) {
  const json::object object = text.size() > kLongestText ? json::object() : object_in(text);
  const std::string_view type = text_of(object, "type");
  if (type == "error") return tl::make_unexpected(server_error(object));
  if (type != "audio_header") {
    return fail("expected the audio header, but the server sent the text " + quoted(text));
  }
  return read_header(object);
}

Result<PcmEvent> PcmClient::on_text(std::string_view text) {
  if (!begun_) {
    return parse_pcm_header(text).map([this](const PcmHeader& header) -> PcmEvent {
      begun_ = true;
      header_ = header;
      return header;
    });
  }
  if (ended_ || text.size() > kLongestText) return PcmNothing{};
  const json::object object = object_in(text);
  const std::string_view type = text_of(object, "type");
  if (type == "error") return tl::make_unexpected(server_error(object));
  if (type == "audio_header") return fail("a second audio header came before the end of the stream");
  if (type != "end") return PcmNothing{};
  ended_ = true;
  return PcmEnd{};
}

Result<PcmEvent> PcmClient::on_binary(std::span<const std::uint8_t> bytes) {
  if (!begun_) {
    return fail("expected the audio header, but the server sent " + std::to_string(bytes.size()) +
                " bytes of data; is this a /pcm address?");
  }
  if (ended_) return PcmNothing{};
  if (bytes.size() > header_.chunk_bytes()) {
    return fail("a message of " + std::to_string(bytes.size()) + " bytes is longer than the header's " +
                std::to_string(header_.chunk_frames) + " frames");
  }
  const auto frame = static_cast<std::size_t>(header_.format.frame_bytes());
  if (bytes.size() % frame != 0) {
    return fail("a message of " + std::to_string(bytes.size()) +
                " bytes does not consist of whole frames of " + std::to_string(header_.format.frame_bytes()) +
                " bytes");
  }
  return PcmAudio{bytes};
}

}  // namespace tutti::protocol
