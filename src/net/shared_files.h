// The files that connections of one I/O thread have open: one opening for all that read the same version of
// it.
#pragma once

#include "domain/track.h"
#include "net/shared_cache.h"

#include <tuple>

namespace tutti::net {

template <class File>
struct OpenFile {
  std::uint64_t serial;  // another one for each opening: what is cached of its bytes goes by it
  std::shared_ptr<const File> file;
};

template <class File>
class SharedFiles {
 public:
  using Ptr = std::shared_ptr<const OpenFile<File>>;
  using Open = std::function<Result<std::shared_ptr<const File>>(const std::string& path)>;  // on the pool
  using Done = std::function<void(Result<Ptr>)>;  // on the I/O thread

  SharedFiles(WorkerPool& pool, boost::asio::any_io_executor home, Open open)
      : pool_(pool), home_(std::move(home)), open_(std::move(open)) {}
  SharedFiles(const SharedFiles&) = delete;
  SharedFiles& operator=(const SharedFiles&) = delete;

  // `wanted`: by its path; what else is known of it saves opening it again.
  void open(const FileStamp& wanted, Done done) {
    if (auto known = find(wanted)) return done(std::move(known));
    pool_.post([this, home = home_, path = wanted.path, done = std::move(done)]() mutable {
      auto opened = open_(path);
      boost::asio::post(home, [this, opened = std::move(opened), done = std::move(done)]() mutable {
        if (!opened) return done(tl::make_unexpected(opened.error()));
        done(share(std::move(*opened)));
      });
    });
  }

 private:
  using Key = std::tuple<std::string, std::int64_t, std::int64_t>;
  static Key key_of(const FileStamp& stamp) { return {stamp.path, stamp.size, stamp.mtime_ns}; }

  Ptr find(const FileStamp& stamp) const {
    const auto known = files_.find(key_of(stamp));
    return known == files_.end() ? nullptr : known->second.lock();
  }

  Ptr share(std::shared_ptr<const File> file) {
    if (auto known = find(file->stamp())) return known;
    std::erase_if(files_, [](const auto& item) { return item.second.expired(); });
    auto shared = std::make_shared<const OpenFile<File>>(OpenFile<File>{++serial_, std::move(file)});
    files_[key_of(shared->file->stamp())] = shared;
    return shared;
  }

  WorkerPool& pool_;
  boost::asio::any_io_executor home_;
  Open open_;
  std::map<Key, std::weak_ptr<const OpenFile<File>>> files_;
  std::uint64_t serial_ = 0;
};

}  // namespace tutti::net
