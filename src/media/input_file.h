// A regular file, opened once and read by position, so that several readers can share it. FFmpeg gets its
// bytes through this and never opens a name itself: no protocol, playlist or reference inside a file leads
// anywhere.
#pragma once

#include "base/result.h"
#include "domain/track.h"
#include "media/ffmpeg.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace tutti::media {

class InputFile {
 public:
  // Only regular files: a pipe, a socket or a device is refused before it is opened.
  static Result<std::shared_ptr<const InputFile>> open(const std::string& path);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  virtual ~InputFile();

  const FileStamp& stamp() const { return stamp_; }  // as it was when opened
  const std::string& path() const { return stamp_.path; }
  // Bytes; -1 while nobody knows: the file is still arriving.
  virtual std::int64_t size() const { return stamp_.size; }
  // Bytes read into `out`, fewer than asked only at the end of the file; 0 there and on a read error.
  virtual std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> out) const;

 protected:
  // `descriptor`: -1 where the bytes come from elsewhere.
  InputFile(std::string path, int descriptor) : stamp_{std::move(path)}, descriptor_(descriptor) {}

 private:
  FileStamp stamp_;
  int descriptor_;
};

// One reader of an InputFile in FFmpeg's terms. Must outlive the AVFormatContext that reads through it.
class InputStream {
 public:
  explicit InputStream(std::shared_ptr<const InputFile> file);

  AVIOContext* io() const { return io_.get(); }
  // What FFmpeg is told of a size that nobody knows yet; an error code unless set.
  void set_unknown_size(std::int64_t answer) { cursor_->unknown_size = answer; }

 private:
  struct Cursor {
    std::shared_ptr<const InputFile> file;
    std::int64_t position = 0;
    std::int64_t unknown_size;
  };
  static int read(void* cursor, std::uint8_t* buffer, int size);
  static std::int64_t seek(void* cursor, std::int64_t offset, int whence);

  std::unique_ptr<Cursor> cursor_;
  IoContextPtr io_;
};

}  // namespace tutti::media
