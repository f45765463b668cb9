#include "server/media_files.h"

#include "media/input_file.h"
#include "media/pcm_source.h"

#include <utility>

namespace tutti::server {
namespace {

// Opened anew for each reading, a second of audio or more: a thousand listeners of as many tracks would
// otherwise hold as many files open, which are for connections.
class StampedBytes : public app::ByteFile {
 public:
  explicit StampedBytes(FileStamp stamp) : stamp_(std::move(stamp)) {}

  const FileStamp& stamp() const override { return stamp_; }
  std::int64_t size() const override { return stamp_.size; }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> out) const override {
    const auto file = media::InputFile::open(stamp_.path);
    return file && (*file)->stamp() == stamp_ ? (*file)->read_at(offset, out) : 0;
  }

 private:
  FileStamp stamp_;
};

class OpenPcm : public app::PcmFile {
 public:
  explicit OpenPcm(std::unique_ptr<media::PcmSource> source) : source_(std::move(source)) {}

  const FileStamp& stamp() const override { return source_->stamp(); }
  const PcmFormat& format() const override { return source_->format(); }
  Result<std::vector<std::uint8_t>> read(Frames first, Frames count) const override {
    return source_->read(first, count);
  }

 private:
  std::unique_ptr<media::PcmSource> source_;
};

}  // namespace

Result<std::shared_ptr<const app::ByteFile>> MediaFileReader::open_bytes(const std::string& path) {
  auto file = media::InputFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  return std::make_shared<const StampedBytes>((*file)->stamp());
}

Result<std::shared_ptr<const app::PcmFile>> MediaFileReader::open_pcm(const std::string& path) {
  auto source = media::PcmSource::open(path);
  if (!source) return tl::make_unexpected(source.error());
  return std::make_shared<const OpenPcm>(std::move(*source));
}

}  // namespace tutti::server
