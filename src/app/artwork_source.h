// Port: a track's cover, or a picture of its artist, scaled and encoded for a display. Implemented over
// media/ by the server's wiring, and by ArtworkCache before it.
#pragma once

#include "base/result.h"
#include "domain/artwork.h"
#include "domain/track.h"

#include <functional>

namespace tutti::app {

class ArtworkSource {
 public:
  // Null: there is no picture, or one that cannot be shown.
  using Done = std::function<void(Result<ArtworkPtr>)>;

  virtual ~ArtworkSource() = default;
  // Answers on the control thread, not within the call. `format`: at least 1 by 1 pixels. Error: the file
  // cannot be read, or too many wait already.
  virtual void read_artwork(const FileStamp& file, const ArtworkFormat& format, Done done) = 0;
};

}  // namespace tutti::app
