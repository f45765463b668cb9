// The picture inside an audio file.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tutti::media {

struct Cover {
  std::string mime_type;  // image/jpeg, image/png, image/webp, image/gif
  std::vector<std::uint8_t> bytes;
};

// The first attached picture of a known type, at most `max_bytes` long; nullopt where there is none.
Result<std::optional<Cover>> read_cover(const std::string& path, std::size_t max_bytes = 8u << 20);

}  // namespace tutti::media
