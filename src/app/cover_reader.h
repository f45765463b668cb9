// Port: reads the picture inside a track's file. Implemented over media/ by the server's wiring.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

struct Cover {
  std::string mime_type;
  std::vector<std::uint8_t> bytes;
};

class CoverReader {
 public:
  using Done = std::function<void(Result<std::optional<Cover>>)>;

  virtual ~CoverReader() = default;
  // Answers on the control thread, not within the call. Error: the file cannot be read, or too many wait
  // already.
  virtual void read_cover(std::string path, Done done) = 0;
};

}  // namespace tutti::app
