// A file as raw PCM that can be read from any place: the very bytes of a WAV's samples, or, of any other
// format, what it decodes to in 16 bit. Holds no more than the file's descriptor and a few decoders, whatever
// the length.
#pragma once

#include "base/result.h"
#include "domain/pcm_format.h"
#include "domain/track.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tutti::media {

class PcmSource {
 public:
  // Error: it cannot be opened or decoded.
  static Result<std::unique_ptr<PcmSource>> open(const std::string& path);
  virtual ~PcmSource() = default;

  const FileStamp& stamp() const { return stamp_; }
  const PcmFormat& format() const { return format_; }

  // `count` frames from `first` on; fewer at the end, none beyond it. May be called by several threads; waits
  // for the disk and decodes. Error: the file is shorter than it was when opened, or damaged beyond use.
  virtual Result<std::vector<std::uint8_t>> read(Frames first, Frames count) const = 0;

 protected:
  PcmSource(FileStamp stamp, const PcmFormat& format) : stamp_(std::move(stamp)), format_(format) {}

 private:
  FileStamp stamp_;
  PcmFormat format_;
};

}  // namespace tutti::media
