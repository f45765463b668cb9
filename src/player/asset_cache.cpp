#include "player/asset_cache.h"

#include "base/sha256.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace tutti::player {

namespace fs = std::filesystem;

namespace {

constexpr auto kWhole = ".mp3", kPartial = ".part";

tl::unexpected<Error> no_good(const std::string& what, const std::string& path) {
  return fail("cannot " + what + " " + path + ": " + std::strerror(errno));
}

Result<std::string> hash_of(int file, const std::string& path, const std::function<bool()>& stops) {
  constexpr std::size_t kPiece = 256 * 1024;
  Sha256 sum;
  std::vector<std::uint8_t> piece(kPiece);
  for (off_t at = 0;;) {
    if (stops()) return std::string();
    const ssize_t got = ::pread(file, piece.data(), piece.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return no_good("read", path);
    if (got == 0) return sum.finish();
    sum.add(std::span(piece).first(static_cast<std::size_t>(got)));
    at += got;
  }
}

}  // namespace

Result<PartialFile> PartialFile::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return no_good("write", path);
  PartialFile out(path, file, 0);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) return fail(path + " is being brought by another player");
  struct stat about {};
  if (::fstat(file, &about) != 0) return no_good("read", path);
  out.have_ = about.st_size;
  return out;
}

PartialFile::PartialFile(PartialFile&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)), have_(other.have_) {}

PartialFile::~PartialFile() {
  if (file_ >= 0) ::close(file_);
}

Result<void> PartialFile::append(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::pwrite(file_, bytes.data(), bytes.size(), have_);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return no_good("write", path_);
    have_ += done;
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return {};
}

Result<void> PartialFile::clear() {
  have_ = 0;
  if (::ftruncate(file_, 0) != 0) return no_good("write", path_);
  return {};
}

Result<std::string> PartialFile::hash(const std::function<bool()>& stops) const {
  return hash_of(file_, path_, stops);
}

Result<void> PartialFile::finish(const std::string& path) {
  if (::fsync(file_) != 0) return no_good("write", path_);
  if (::rename(path_.c_str(), path.c_str()) != 0) return no_good("write", path);
  return {};
}

Result<AssetCache> AssetCache::open(std::string folder, std::int64_t most) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail("cannot make the folder " + folder + ": " + error.message());
  return AssetCache(std::move(folder), most);
}

std::string AssetCache::path_of(const std::string& sha256) const { return folder_ + "/" + sha256 + kWhole; }

bool AssetCache::has(const std::string& sha256, std::int64_t bytes,
                     const std::function<bool()>& stops) const {
  const std::string path = path_of(sha256);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  struct stat about {};
  const bool is_whole = ::fstat(file, &about) == 0 && about.st_size == bytes;
  const auto hash = is_whole ? hash_of(file, path, stops) : Result<std::string>("spoilt");
  if (hash == sha256) ::futimens(file, nullptr);  // used now
  ::close(file);
  if (hash && !hash->empty() && *hash != sha256) ::unlink(path.c_str());
  return hash == sha256;
}

Result<PartialFile> AssetCache::open_partial(const std::string& sha256) const {
  return PartialFile::open(folder_ + "/" + sha256 + kPartial);
}

Result<void> AssetCache::make_room(std::int64_t bytes, const std::set<std::string>& kept) const {
  struct Old {
    fs::file_time_type used;
    fs::path path;
    std::int64_t bytes;
  };
  std::vector<Old> old;
  std::int64_t taken = bytes;
  std::error_code error;
  for (const auto& each : fs::directory_iterator(folder_, error)) {
    const auto ending = each.path().extension();
    if (ending != kWhole && ending != kPartial) continue;
    const auto size = static_cast<std::int64_t>(each.file_size(error));
    if (error) continue;
    const bool is_kept = kept.contains(each.path().stem().string());
    // Those that are coming are counted by who brings them.
    if (!is_kept || ending == kWhole) taken += size;
    if (!is_kept) old.push_back({each.last_write_time(error), each.path(), size});
  }
  std::ranges::sort(old, {}, &Old::used);
  for (const auto& each : old) {
    if (taken <= most_) break;
    if (fs::remove(each.path, error)) taken -= each.bytes;
  }
  if (taken <= most_) return {};
  return fail("the walk needs " + std::to_string(taken) + " bytes, and " + folder_ + " may hold " +
              std::to_string(most_) + " (--walk-cache-size)");
}

}  // namespace tutti::player
