// Pictures: from the file that a cover is to one of a wanted size and kind.
#pragma once

#include "base/result.h"
#include "domain/artwork.h"

#include <cstdint>
#include <span>
#include <vector>

namespace tutti::media {

// Red, green, blue, a byte each, in rows from the top.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

// The largest picture that is taken, so that a small file does not become gigabytes.
constexpr std::int64_t kMostPixels = 32'000'000;

// JPEG, PNG, WebP or GIF (its first picture), whatever the bytes say they are; what is transparent lies on
// black.
Result<Image> decode_image(std::span<const std::uint8_t> file);

// Fits within width by height and keeps its proportions; never larger than it is, never without a pixel.
Result<Image> scale_to_fit(Image image, int width, int height);

Result<std::vector<std::uint8_t>> encode_image(const Image& image, ArtworkFormat::Kind kind);

// All of these. Sizes beyond ArtworkFormat::kLargestSide are taken for that.
Result<Artwork> make_artwork(std::span<const std::uint8_t> file, const ArtworkFormat& format);

}  // namespace tutti::media
