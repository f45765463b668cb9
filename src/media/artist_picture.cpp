#include "media/artist_picture.h"

#include "media/audio_file.h"
#include "media/picture.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

namespace tutti::media {
namespace {

namespace fs = std::filesystem;

// artist/album/disc/track is as deep as collections go.
constexpr int kMostFolders = 3;
constexpr std::array<std::string_view, 4> kNames = {"artist.jpg", "artist.jpeg", "artist.png", "artist.webp"};

std::optional<Cover> read_picture(const fs::path& path, std::size_t max_bytes) {
  std::error_code error;
  // Not a pipe, which would be waited for.
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  const auto size = fs::file_size(path, error);
  if (error || size == 0 || size > max_bytes) return std::nullopt;
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())))
    return std::nullopt;
  const std::string type(mime_type_of(bytes));
  if (type.empty()) return std::nullopt;
  return Cover{type, std::move(bytes)};
}

bool is_within(const fs::path& folder, const fs::path& root) {
  const auto relative = folder.lexically_relative(root);
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

Result<std::optional<Cover>> read_artist_picture(const std::string& path, const std::string& root,
                                                 std::size_t max_bytes) {
  {
    const auto file = AudioFile::open(path);
    if (!file) return tl::make_unexpected(file.error());
    const auto picture = find_picture(file->container(), PictureOf::artist);
    if (picture && picture->bytes.size() <= max_bytes) {
      return Cover{std::string(picture->mime_type), {picture->bytes.begin(), picture->bytes.end()}};
    }
  }
  fs::path folder = fs::path(path).parent_path();
  for (int i = 0; i < kMostFolders && is_within(folder, root); ++i, folder = folder.parent_path()) {
    for (const auto name : kNames) {
      if (auto picture = read_picture(folder / name, max_bytes)) return picture;
    }
  }
  return std::nullopt;
}

}  // namespace tutti::media
