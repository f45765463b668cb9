// Objects that Sendspin's messages of both directions have in common.
#pragma once

#include "protocol/sendspin_fields.h"
#include "protocol/sendspin_messages.h"

namespace tutti::protocol::sendspin {

// Bounds of what a format may say; what the library can make of it is decided elsewhere.
inline constexpr int kMostRate = 768'000, kMostChannels = 64, kMostBits = 64, kMostPixels = 65'535;

// The names of width and height differ between what a client offers and what it is told.
struct SizeNames {
  std::string_view width, height;
};
inline constexpr SizeNames kOfferedSize{"media_width", "media_height"}, kActualSize{"width", "height"};

// nullopt: a codec that is not known here, or something is wrong.
std::optional<AudioFormat> read_format(const Fields& fields);
void put_format(boost::json::object& out, const AudioFormat& format);

std::optional<std::vector<ArtworkChannel>> read_channels(const Fields& fields, SizeNames names);
boost::json::array print_channels(const std::vector<ArtworkChannel>& channels, SizeNames names);

}  // namespace tutti::protocol::sendspin
