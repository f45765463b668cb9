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

namespace {

// FFmpeg's names of ID3's picture types 7 to 10 (libavformat/id3v2.c).
bool shows_artist(const AVStream& stream) {
  const AVDictionaryEntry* kind = av_dict_get(stream.metadata, "comment", nullptr, 0);
  const std::string_view name = kind ? kind->value : "";
  return name == "Lead artist/lead performer/soloist" || name == "Artist/performer" || name == "Conductor" ||
         name == "Band/Orchestra";
}

}  // namespace

std::optional<Picture> find_picture(const AVFormatContext& container, PictureOf what) {
  std::optional<Picture> artist;
  for (unsigned i = 0; i < container.nb_streams; ++i) {
    const AVStream& stream = *container.streams[i];
    if (!(stream.disposition & AV_DISPOSITION_ATTACHED_PIC) || stream.attached_pic.size <= 0) continue;
    const std::span<const std::uint8_t> bytes(stream.attached_pic.data,
                                              static_cast<std::size_t>(stream.attached_pic.size));
    const auto type = mime_type_of(bytes);
    if (type.empty()) continue;
    if (!shows_artist(stream)) {
      if (what == PictureOf::anything) return Picture{type, bytes};
    } else if (!artist) {
      artist = Picture{type, bytes};
    }
  }
  return artist;
}

}  // namespace tutti::media
