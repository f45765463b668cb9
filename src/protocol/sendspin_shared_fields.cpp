#include "protocol/sendspin_shared_fields.h"

namespace tutti::protocol::sendspin {

namespace json = boost::json;

std::optional<AudioFormat> read_format(const Fields& fields) {
  constexpr int kUsualBits = 16;
  const std::string codec = fields.must(fields.text("codec"), "codec");
  AudioFormat format;
  format.rate = fields.must(fields.small("sample_rate", 1, kMostRate), "sample_rate");
  format.channels = fields.must(fields.small("channels", 1, kMostChannels), "channels");
  format.bit_depth = fields.small("bit_depth", 1, kMostBits).value_or(kUsualBits);
  const auto known = named<AudioCodec>(codec);
  if (!known || fields.problem()) return std::nullopt;
  format.codec = *known;
  return format;
}

void put_format(json::object& out, const AudioFormat& format) {
  out["codec"] = name_of(format.codec);
  out["sample_rate"] = format.rate;
  out["channels"] = format.channels;
  out["bit_depth"] = format.bit_depth;
}

std::optional<std::vector<ArtworkChannel>> read_channels(const Fields& fields, SizeNames names) {
  const json::array* list = fields.array("channels");
  if (!list) return std::nullopt;
  std::vector<ArtworkChannel> out;
  for (const auto& each : *list) {
    if (out.size() == kMostArtworkChannels) break;
    if (!each.is_object()) {
      fields.complain("channels", "an array of objects");
      return std::nullopt;
    }
    const Fields channel(each.get_object(), fields.where(), fields.problem());
    ArtworkChannel read;
    read.source = channel.must(channel.word<ArtworkSource>("source"), "source");
    read.format = channel.must(channel.word<ImageFormat>("format"), "format");
    read.width = channel.must(channel.small(names.width, 0, kMostPixels), names.width);
    read.height = channel.must(channel.small(names.height, 0, kMostPixels), names.height);
    out.push_back(read);
  }
  return out;
}

json::array print_channels(const std::vector<ArtworkChannel>& channels, SizeNames names) {
  json::array out;
  for (const auto& channel : channels) {
    out.push_back(json::object{{"source", name_of(channel.source)},
                               {"format", name_of(channel.format)},
                               {names.width, channel.width},
                               {names.height, channel.height}});
  }
  return out;
}

}  // namespace tutti::protocol::sendspin
