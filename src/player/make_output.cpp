#include "player/device_output.h"
#include "player/null_output.h"
#include "player/output.h"
#include "player/raw_output.h"
#include "player/wav_output.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace tutti::player {
namespace {

// The first two are written; the others are meant to be files, and no devices.
constexpr std::array<std::string_view, 11> kFiles{".wav", ".wave", ".mp3",  ".flac", ".ogg", ".opus",
                                                  ".m4a", ".aac",  ".aiff", ".raw",  ".pcm"};

bool ends_in(std::string name, std::string_view ending) {
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name.size() > ending.size() && name.ends_with(ending);
}

}  // namespace

bool is_recording(const std::string& name) {
  return name == "-" || std::ranges::any_of(kFiles, [&](std::string_view f) { return ends_in(name, f); });
}

Result<std::unique_ptr<Output>> make_output(const OutputChoice& choice) {
  const std::string& name = choice.name;
  if (name == "null") return std::unique_ptr<Output>(std::make_unique<NullOutput>(choice.prebuffer));
  if (name == "-") return std::unique_ptr<Output>(std::make_unique<RawOutput>());
  if (ends_in(name, ".wav") || ends_in(name, ".wave")) return WavOutput::make(name);
  if (is_recording(name)) {
    return fail("cannot write " + name +
                ": recordings are WAV files; give a name that ends in .wav, or '-' for raw samples");
  }
  return DeviceOutput::make(name, choice.prebuffer);
}

}  // namespace tutti::player
