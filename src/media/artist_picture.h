// A picture of who plays a track, as collections of music keep them: inside the file, beside the front cover,
// or artist.jpg in the folder of the album or of the artist above it.
#pragma once

#include "media/cover.h"

#include <cstddef>
#include <optional>
#include <string>

namespace tutti::media {

// `path`: of the track. `root`: a folder above it; no folder above that is looked into. nullopt where there
// is none of a known type of at most `max_bytes`. Error: the track cannot be read.
Result<std::optional<Cover>> read_artist_picture(const std::string& path, const std::string& root,
                                                 std::size_t max_bytes = 8u << 20);

}  // namespace tutti::media
