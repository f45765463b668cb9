#include "media/cover.h"

#include "media/audio_file.h"
#include "media/picture.h"

namespace tutti::media {

Result<std::optional<Cover>> read_cover(const std::string& path, std::size_t max_bytes) {
  const auto file = AudioFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  const auto picture = find_picture(file->container());
  if (!picture || picture->bytes.size() > max_bytes) return std::nullopt;
  return Cover{std::string(picture->mime_type), {picture->bytes.begin(), picture->bytes.end()}};
}

}  // namespace tutti::media
