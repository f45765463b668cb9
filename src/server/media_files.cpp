#include "server/media_files.h"

#include "media/input_file.h"
#include "media/pcm_source.h"

#include <utility>

namespace tutti::server {
namespace {

class OpenBytes : public app::ByteFile {
 public:
  explicit OpenBytes(std::shared_ptr<const media::InputFile> file) : file_(std::move(file)) {}

  const FileStamp& stamp() const override { return file_->stamp(); }
  std::int64_t size() const override { return file_->size(); }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> out) const override {
    return file_->read_at(offset, out);
  }

 private:
  std::shared_ptr<const media::InputFile> file_;
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
  return std::make_shared<const OpenBytes>(std::move(*file));
}

Result<std::shared_ptr<const app::PcmFile>> MediaFileReader::open_pcm(const std::string& path) {
  auto source = media::PcmSource::open(path);
  if (!source) return tl::make_unexpected(source.error());
  return std::make_shared<const OpenPcm>(std::move(*source));
}

}  // namespace tutti::server
