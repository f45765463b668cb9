// Port: files as connections read them. Implemented over media/ by the server's wiring. Everything here waits
// for the disk: it is called on a worker pool, never on the control or an I/O thread. What is open may be
// used by several threads at once.
#pragma once

#include "base/result.h"
#include "domain/pcm_format.h"
#include "domain/track.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace tutti::app {

// A file's own bytes.
class ByteFile {
 public:
  virtual ~ByteFile() = default;

  virtual const FileStamp& stamp() const = 0;  // as it was when opened
  virtual std::int64_t size() const = 0;       // bytes that can be read now
  // Whether size() will still grow: the file is being written.
  virtual bool is_growing() const { return false; }
  // Fewer bytes than asked for only at the end, or where the file is no longer what it was.
  virtual std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> out) const = 0;
};

// A file as raw samples: a WAV's own bytes, or what another format decodes to.
class PcmFile {
 public:
  virtual ~PcmFile() = default;

  virtual const FileStamp& stamp() const = 0;
  virtual const PcmFormat& format() const = 0;
  // Whole frames from `first` on; fewer than `count` at the end, none beyond it.
  virtual Result<std::vector<std::uint8_t>> read(Frames first, Frames count) const = 0;
};

class MediaFiles {
 public:
  virtual ~MediaFiles() = default;

  virtual Result<std::shared_ptr<const ByteFile>> open_bytes(const std::string& path) = 0;
  virtual Result<std::shared_ptr<const PcmFile>> open_pcm(const std::string& path) = 0;
};

}  // namespace tutti::app
