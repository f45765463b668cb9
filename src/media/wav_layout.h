// Where the samples lie in a WAV file, so that they can be read as they are.
#pragma once

#include "domain/pcm_format.h"
#include "media/input_file.h"

#include <cstdint>
#include <optional>

namespace tutti::media {

struct WavLayout {
  PcmFormat format;
  std::int64_t begin = 0;  // of the samples, bytes into the file
  Frames frames = 0;       // whole ones that are there

  friend bool operator==(const WavLayout&, const WavLayout&) = default;
};

// RIFF, RF64/BW64 and Wave64 with integers of 16, 24 or 32 bits or floats of 32. A data chunk whose length is
// unknown (0 or 0xFFFFFFFF, as streams are written) or has overflowed 32 bits reaches to the end of the file;
// one that promises more than there is ends with it. nullopt: anything else, which is for the decoder.
// Sources: Microsoft's WAVEFORMATEXTENSIBLE, EBU Tech 3306 (RF64), Sony's Wave64.
std::optional<WavLayout> read_wav_layout(const InputFile& file);

}  // namespace tutti::media
