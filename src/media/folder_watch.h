// Tells when something below a set of folders changes (inotify). Owns one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tutti::media {

class FolderWatch {
 public:
  // `changed(folder)` is called on the watch's own thread, at most about twice a second per folder, for each
  // watched folder below which a file or directory appeared, was written, moved, or went away. It is also
  // called (with the same bound) about once a minute for folders that the kernel had no watches left for.
  using Changed = std::function<void(const std::string& folder)>;

  explicit FolderWatch(Changed changed);
  ~FolderWatch();  // stops the thread

  // Watches exactly these directories on behalf of `folder`, replacing what was watched for it before
  // (unchanged directories keep their watch: no event is lost between two calls). Thread-safe.
  void watch(const std::string& folder, std::vector<std::string> directories);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace tutti::media
