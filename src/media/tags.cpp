#include "media/tags.h"

#include "base/utf8.h"
#include "media/picture.h"

#include <charconv>
#include <initializer_list>
#include <string>
#include <string_view>

namespace tutti::media {
namespace {

constexpr std::size_t kLongestText = 1000;  // bytes; a tag can hold megabytes

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  const auto last = text.find_last_not_of(kBlank);
  return std::string(text.substr(first, std::min(last - first + 1, kLongestText)));
}

// The first of `keys` with something in it. FFmpeg's dictionaries ignore case.
std::string text_of(const AudioFile& file, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    for (const AVDictionary* tags : {file.container().metadata, file.stream().metadata}) {
      const AVDictionaryEntry* entry = av_dict_get(tags, key, nullptr, 0);
      if (!entry) continue;
      if (auto text = trimmed(to_valid_utf8(trimmed(entry->value))); !text.empty()) return text;
    }
  }
  return {};
}

// The number that `text` begins with: "1999-07-01" is 1999, "3/12" is 3. 0 where there is none.
int leading_number(std::string_view text, int most) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number > 0 && number <= most ? number : 0;
}

}  // namespace

Tags read_tags(const AudioFile& file) {
  Tags tags;
  tags.title = text_of(file, {"title"});
  tags.artist = text_of(file, {"artist", "album_artist", "performer", "composer"});
  tags.album = text_of(file, {"album"});
  tags.album_artist = text_of(file, {"album_artist", "albumartist"});
  tags.year = leading_number(text_of(file, {"date", "year", "TDRC", "TYER", "TDOR", "originaldate"}), 9999);
  tags.number = leading_number(text_of(file, {"track", "tracknumber"}), 99999);
  tags.has_cover = find_picture(file.container()).has_value();
  return tags;
}

}  // namespace tutti::media
