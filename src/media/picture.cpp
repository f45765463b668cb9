#include "media/picture.h"

namespace tutti::media {

std::string_view mime_type_of(std::span<const std::uint8_t> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("\xff\xd8\xff")) return "image/jpeg";
  if (text.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
  if (text.starts_with("GIF87a") || text.starts_with("GIF89a")) return "image/gif";
  if (text.starts_with("RIFF") && text.substr(0, 12).ends_with("WEBP")) return "image/webp";
  return {};
}

std::optional<Picture> find_picture(const AVFormatContext& container) {
  for (unsigned i = 0; i < container.nb_streams; ++i) {
    const AVStream& stream = *container.streams[i];
    if (!(stream.disposition & AV_DISPOSITION_ATTACHED_PIC) || stream.attached_pic.size <= 0) continue;
    const std::span<const std::uint8_t> bytes(stream.attached_pic.data,
                                              static_cast<std::size_t>(stream.attached_pic.size));
    if (const auto type = mime_type_of(bytes); !type.empty()) return Picture{type, bytes};
  }
  return {};
}

}  // namespace tutti::media
