// A picture as a display asks for it.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <vector>

namespace tutti {

struct ArtworkFormat {
  enum class Kind { jpeg, png, bmp };
  enum class Subject { album, artist };
  // The largest side that is made; requests beyond it are answered with this.
  static constexpr int kLargestSide = 4096;

  Kind kind = Kind::jpeg;
  int width = 0;  // pixels, at most: the picture fits within and keeps its proportions
  int height = 0;
  Subject subject = Subject::album;

  friend auto operator<=>(const ArtworkFormat&, const ArtworkFormat&) = default;
};

// Made once per picture, kind and size; shared, never changed.
struct Artwork {
  std::vector<std::uint8_t> bytes;  // a whole image file
  int width = 0;                    // pixels
  int height = 0;
};

using ArtworkPtr = std::shared_ptr<const Artwork>;

}  // namespace tutti
