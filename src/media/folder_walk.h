// Lists the regular files below a folder.
#pragma once

#include "base/result.h"
#include "domain/track.h"

#include <functional>
#include <string>
#include <vector>

namespace tutti::media {

struct FolderListing {
  std::vector<FileStamp> files;          // sorted by path
  std::vector<std::string> directories;  // the folder itself and all below it, for watching
};

// Recursive. Hidden files and directories (a leading dot) are passed over. A symbolic link is followed only
// where its target lies inside `folder`; no file or directory is listed twice. An unreadable subdirectory is
// passed over. `cancelled` is asked now and then. Error: `folder` is missing or not a directory.
Result<FolderListing> walk_folder(const std::string& folder, const std::function<bool()>& cancelled);

}  // namespace tutti::media
