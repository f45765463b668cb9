// Ports: tracks as MPEG frames, for individual stations: an MP3 file as it is, or what another was encoded
// to, kept on disk. Implemented over media/ by the server's wiring; the work is done elsewhere, every answer
// arrives on the control thread, never within the call.
#pragma once

#include "app/media_files.h"
#include "domain/encoding.h"
#include "domain/segment.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tutti::app {

struct Mp3Source {
  std::shared_ptr<const ByteFile> file;
  std::int64_t begin = 0;  // of the first frame that is heard: behind the tags and the encoder's own table
};

class Mp3Files {
 public:
  using Opened = std::function<void(Result<Mp3Source>)>;

  virtual ~Mp3Files() = default;
  // Error: there are no MPEG frames in it, or none whose length is known.
  virtual void open_mp3(const FileStamp& file, Opened done) = 0;
};

// The folder of encoded tracks. Names are made by the cache.
class EncodedFiles {
 public:
  struct Stored {
    std::string name;
    std::int64_t bytes = 0;
  };
  using Opened = std::function<void(Result<Mp3Source>)>;
  using Ended = std::function<void(Result<std::int64_t>)>;  // bytes

  virtual ~EncodedFiles() = default;
  // What earlier starts have left, the one used longest ago first; half-made files are removed. Waits.
  virtual std::vector<Stored> list() = 0;
  // Error: it is gone, or damaged.
  virtual void open(const std::string& name, Opened done) = 0;
  virtual void remove(const std::string& name) = 0;
  // Begins to encode a whole track; what is returned at once grows meanwhile. Not `urgent`: with low
  // priority.
  virtual Mp3Source encode(const Segment& track, const Encoding& encoding, const std::string& name,
                           bool urgent, Ended ended) = 0;
};

}  // namespace tutti::app
