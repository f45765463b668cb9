// A committed piece of a station's programme together with what its audio is made from.
#pragma once

#include "domain/track.h"

#include <string>

namespace tutti {

struct Segment {
  TrackId track;
  std::string path;   // absolute, bytes
  std::string title;  // stream title, UTF-8
  Frames first = 0;   // station frame at which the track begins
  Frames length = 0;  // station frames; the track is padded with silence or cut to it

  Frames end() const { return first + length; }
};

}  // namespace tutti
