#include "media/folder_walk.h"

#include "base/errno_text.h"

#include <algorithm>
#include <cstdlib>
#include <dirent.h>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace tutti::media {
namespace {

std::optional<std::string> real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? std::optional<std::string>(real.get()) : std::nullopt;
}

std::string join(const std::string& directory, std::string_view name) {
  std::string path = directory;
  if (!path.ends_with('/')) path += '/';
  return path.append(name);
}

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

class Walk {
 public:
  Walk(std::string folder, std::string real_folder, const std::function<bool()>& cancelled)
      : folder_(std::move(folder)), real_folder_(std::move(real_folder)), cancelled_(cancelled) {}

  Result<FolderListing> run() {
    enter(folder_);
    while (!waiting_.empty()) {
      const std::string directory = std::move(waiting_.back());
      waiting_.pop_back();
      if (!list(directory)) return fail("cancelled");
    }
    std::ranges::sort(listing_.files, {}, &FileStamp::path);
    std::ranges::sort(listing_.directories);
    return std::move(listing_);
  }

 private:
  using FileId = std::pair<dev_t, ino_t>;

  void enter(const std::string& directory) {
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return;
    if (entered_.insert({status.st_dev, status.st_ino}).second) waiting_.push_back(directory);
  }

  // False where the walk was cancelled.
  bool list(const std::string& directory) {
    const std::unique_ptr<DIR, DirectoryCloser> handle(::opendir(directory.c_str()));
    if (!handle) return true;
    listing_.directories.push_back(directory);
    while (const dirent* entry = ::readdir(handle.get())) {
      constexpr int kEntriesPerQuestion = 64;
      if (++entries_ % kEntriesPerQuestion == 0 && cancelled_()) return false;
      if (entry->d_name[0] != '.') visit(join(directory, entry->d_name));
    }
    return true;
  }

  void visit(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return;
    if (S_ISLNK(status.st_mode)) {
      if (const auto target = target_inside(path)) visit(*target);
    } else if (S_ISDIR(status.st_mode)) {
      enter(path);
    } else if (S_ISREG(status.st_mode) && listed_.insert(path).second) {
      const std::int64_t mtime_ns =
          status.st_mtim.tv_sec * std::int64_t{1'000'000'000} + status.st_mtim.tv_nsec;
      listing_.files.push_back({path, status.st_size, mtime_ns});
    }
  }

  // Where the link leads, as a path below the folder's own name; nullopt where that is outside, or nowhere.
  std::optional<std::string> target_inside(const std::string& link) const {
    const auto real = real_path(link);
    if (!real) return {};
    const std::string prefix = join(real_folder_, "");
    if (*real != real_folder_ && !real->starts_with(prefix)) return {};
    return *real == real_folder_ ? folder_ : join(folder_, std::string_view(*real).substr(prefix.size()));
  }

  std::string folder_, real_folder_;
  const std::function<bool()>& cancelled_;
  FolderListing listing_;
  std::vector<std::string> waiting_;
  std::set<FileId> entered_;
  std::set<std::string> listed_;
  int entries_ = 0;
};

}  // namespace

Result<FolderListing> walk_folder(const std::string& folder, const std::function<bool()>& cancelled) {
  const auto real = real_path(folder);
  if (!real) return fail("folder " + folder + ": " + errno_text());
  struct stat status {};
  if (::stat(real->c_str(), &status) != 0) return fail("folder " + folder + ": " + errno_text());
  if (!S_ISDIR(status.st_mode)) return fail("folder " + folder + ": not a directory");
  std::string name = folder;
  while (name.size() > 1 && name.ends_with('/')) name.pop_back();
  return Walk(std::move(name), *real, cancelled).run();
}

}  // namespace tutti::media
