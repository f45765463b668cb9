// Port: looks at folders and files, in the background. Implemented over media/ by the server's wiring; every
// answer arrives on the control thread, never within the call.
#pragma once

#include "base/result.h"
#include "domain/track.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

class Scanner {
 public:
  using Walked = std::function<void(Result<std::vector<FileStamp>>)>;  // sorted by path
  // A track without its id; nullopt: the file is not audio and does not claim to be.
  using Probed = std::function<void(Result<std::optional<Track>>)>;
  using Measured = std::function<void(Result<Loudness>)>;

  virtual ~Scanner() = default;

  virtual void walk(std::string folder, Walked done) = 0;
  virtual void probe(FileStamp file, Probed done) = 0;
  virtual void measure(std::string path, Measured done) = 0;
};

}  // namespace tutti::app
