#include "domain/track.h"

#include "base/utf8.h"

namespace tutti {

std::string file_name(const Track& track) {
  const auto slash = track.file.path.rfind('/');
  return to_valid_utf8(slash == std::string::npos ? track.file.path : track.file.path.substr(slash + 1));
}

std::string display_title(const Track& track) {
  if (!track.tags.title.empty()) return to_valid_utf8(track.tags.title);
  std::string name = file_name(track);
  const auto dot = name.rfind('.');
  if (dot != std::string::npos && dot > 0) name.resize(dot);
  return name;
}

std::string stream_title(const Track& track) {
  const std::string title = display_title(track);
  return track.tags.artist.empty() ? title : to_valid_utf8(track.tags.artist) + " - " + title;
}

}  // namespace tutti
