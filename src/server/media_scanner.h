// Puts media's eyes behind app's ports: walking folders, probing files, measuring loudness, reading covers as
// they are or as displays want them. The work runs on the scan pool, with low priority; answers come back on
// the control thread.
#pragma once

#include "app/artwork_source.h"
#include "app/cover_reader.h"
#include "app/scanner.h"
#include "base/worker_pool.h"
#include "media/folder_watch.h"

#include <atomic>
#include <memory>
#include <set>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace tutti::server {

class MediaScanner : public app::Scanner, public app::CoverReader, public app::ArtworkSource {
 public:
  // `folder_changed` is called on the control thread when something below a walked folder may be different.
  MediaScanner(WorkerPool& pool, boost::asio::any_io_executor control,
               std::function<void(const std::string&)> folder_changed);
  ~MediaScanner() override;

  void walk(std::string folder, Walked done) override;
  void probe(FileStamp file, Probed done) override;
  void measure(std::string path, Measured done) override;
  void read_cover(std::string path, app::CoverReader::Done done) override;
  void read_artwork(const FileStamp& file, const ArtworkFormat& format,
                    app::ArtworkSource::Done done) override;

  // Jobs end soon after this; called before the pool is stopped.
  void cancel() { *cancelled_ = true; }

 private:
  void look_again_later(const std::string& folder);

  WorkerPool& pool_;
  boost::asio::any_io_executor control_;
  std::function<void(const std::string&)> folder_changed_;
  std::shared_ptr<std::atomic<bool>> cancelled_ = std::make_shared<std::atomic<bool>>(false);
  std::set<std::string> walked_;    // folders that have been walked before
  std::size_t covers_waiting_ = 0;  // and artwork
  media::FolderWatch watch_;
};

}  // namespace tutti::server
