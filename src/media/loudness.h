// EBU R 128 loudness of a whole file (libebur128).
#pragma once

#include "base/result.h"
#include "domain/track.h"

#include <functional>
#include <string>

namespace tutti::media {

// Decodes all of it: seconds of CPU. `cancelled` is asked often. A silent file measures -70 LUFS or lower and
// is clamped to -70; a silent peak to -144 dBTP.
Result<Loudness> measure_loudness(const std::string& path, const std::function<bool()>& cancelled);

}  // namespace tutti::media
