// What a file says about itself.
#pragma once

#include "domain/track.h"
#include "media/audio_file.h"

namespace tutti::media {

// All text is valid UTF-8 and trimmed. The stream's tags (Ogg) fill in where the container's are silent.
Tags read_tags(const AudioFile& file);

}  // namespace tutti::media
