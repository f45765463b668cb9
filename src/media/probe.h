// What a file is, found from its content by FFmpeg, never from its name.
#pragma once

#include "base/result.h"
#include "domain/track.h"

#include <functional>
#include <optional>
#include <string>

namespace tutti::media {

struct Probed {
  std::string format;  // "mp3", "wav", "flac", "ogg/vorbis", "ogg/opus", "m4a/aac", …
  Frames frames = 0;   // exactly what a Decoder of the file yields
  int rate = 0;
  int channels = 0;
  Tags tags;
};

// The length is found by walking the packets, encoder delay and padding taken off, because headers lie.
// nullopt: not audio, and nothing in its name claims so (a cover, a text). Error: a file that should be audio
// and cannot be played: empty, truncated beyond use, no audio stream, no decoder, … with the reason in words.
// Only plain local files are opened, only by container formats on a fixed list: a playlist or a manifest in
// disguise opens nothing else.
Result<std::optional<Probed>> probe(const std::string& path, const std::function<bool()>& cancelled);

}  // namespace tutti::media
