// Which file a connection gets that asked for one: by `?track=`, or the default. On the control thread.
#pragma once

#include "app/library.h"

#include <string>
#include <string_view>

namespace tutti::app {

struct ChosenFile {
  FileStamp file;  // of a file outside the library the path only
  bool is_mp3 = false;
};

// `track`: an id, or a path within one of the library's folders; never anything outside of them. "": `wav`
// (which the operator named, wherever it lies), else the library's first track. Error: for the client.
Result<ChosenFile> choose_pcm(const Library& library, std::string_view track, const std::string& wav);
// "": static/audio.mp3 in the library, else its first MP3.
Result<ChosenFile> choose_audio(const Library& library, std::string_view track);

}  // namespace tutti::app
