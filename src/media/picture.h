// The attached picture of an open container.
#pragma once

#include "media/ffmpeg.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tutti::media {

struct Picture {
  std::string_view mime_type;           // of a fixed set, found from the bytes: tags lie
  std::span<const std::uint8_t> bytes;  // lives as long as the container
};

// The type of an image file by its first bytes (image/jpeg, …/png, …/gif or …/webp); empty where it is none
// of the four.
std::string_view mime_type_of(std::span<const std::uint8_t> bytes);

// What ID3 and the formats that follow it say that an attached picture shows.
enum class PictureOf {
  anything,  // but an artist, where there is something else
  artist,
};

// The first attached picture of a type that browsers show; nullopt where there is none.
std::optional<Picture> find_picture(const AVFormatContext& container, PictureOf what = PictureOf::anything);

}  // namespace tutti::media
