#include "app/track_choice.h"

#include "base/utf8.h"

#include <charconv>

namespace tutti::app {
namespace {

const Track* find(const Library& library, std::string_view text) {
  TrackId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
  const bool is_id = error == std::errc() && end == text.data() + text.size();
  if (is_id && library.is_present(id)) return library.find(id);
  return library.find_path(text);
}

Result<ChosenFile> chosen(const Track* track, std::string_view wanted) {
  if (track) return ChosenFile{track->file, track->format == "mp3"};
  if (wanted.empty()) return fail("there is no track to play yet");
  return fail("there is no track '" + to_valid_utf8(wanted.substr(0, 200)) + "' in the library");
}

}  // namespace

Result<ChosenFile> choose_pcm(const Library& library, std::string_view track, const std::string& wav) {
  if (!track.empty()) return chosen(find(library, track), track);
  if (!wav.empty()) return ChosenFile{{wav, -1, 0}, false};
  return chosen(library.first(""), track);
}

Result<ChosenFile> choose_audio(const Library& library, std::string_view track) {
  if (!track.empty()) return chosen(find(library, track), track);
  const Track* usual = library.find_path("static/audio.mp3");
  return chosen(usual ? usual : library.first("mp3"), track);
}

}  // namespace tutti::app
