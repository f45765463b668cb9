#include "media/input_file.h"

#include "base/errno_text.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <new>
#include <sys/stat.h>
#include <unistd.h>

namespace tutti::media {
namespace {

constexpr std::size_t kBufferSize = 64 << 10;

}  // namespace

Result<std::shared_ptr<const InputFile>> InputFile::open(const std::string& path) {
  if (path.find('\0') != std::string::npos) return fail("a file name cannot hold a zero byte");
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail("cannot be opened: " + errno_text());
  if (!S_ISREG(status.st_mode)) return fail("not a regular file");
  // The name may have become a pipe since: O_NONBLOCK keeps even that from hanging, and what is open is asked
  // again.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) return fail("cannot be opened: " + errno_text());
  std::shared_ptr<InputFile> file(new InputFile(path, descriptor));
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return fail("not a regular file");
  if (status.st_size == 0) return fail("the file is empty");
  file->stamp_.size = status.st_size;
  file->stamp_.mtime_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
  return file;
}

InputFile::~InputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t InputFile::read_at(std::int64_t offset, std::span<std::uint8_t> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n =
        ::pread(descriptor_, out.data() + done, out.size() - done, offset + static_cast<std::int64_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

InputStream::InputStream(std::shared_ptr<const InputFile> file)
    : cursor_(std::make_unique<Cursor>(Cursor{std::move(file), 0, -ENOSYS})) {
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferSize));
  if (!buffer) throw std::bad_alloc();
  io_.reset(avio_alloc_context(buffer, kBufferSize, 0, cursor_.get(), &read, nullptr, &seek));
  if (!io_) {
    av_free(buffer);
    throw std::bad_alloc();
  }
}

int InputStream::read(void* opaque, std::uint8_t* buffer, int size) {
  auto& cursor = *static_cast<Cursor*>(opaque);
  if (size <= 0) return 0;
  const std::size_t n = cursor.file->read_at(cursor.position, {buffer, static_cast<std::size_t>(size)});
  cursor.position += static_cast<std::int64_t>(n);
  return n == 0 ? kEndOfFile : static_cast<int>(n);
}

std::int64_t InputStream::seek(void* opaque, std::int64_t offset, int whence) {
  auto& cursor = *static_cast<Cursor*>(opaque);
  const std::int64_t size = cursor.file->size();
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
      return size < 0 ? cursor.unknown_size : size;
    case SEEK_SET:
      break;
    case SEEK_CUR:
      offset += cursor.position;
      break;
    case SEEK_END:
      if (size < 0) return -ENOSYS;
      offset += size;
      break;
    default:
      return -EINVAL;
  }
  if (offset < 0) return -EINVAL;
  return cursor.position = offset;
}

}  // namespace tutti::media
