// The folder of encoded tracks, and the jobs that fill it. A track is encoded in steps of some seconds of
// audio, so that a long one never keeps the pool from what is on air; it is written under another name and
// renamed when it is whole.
#pragma once

#include "app/mp3_files.h"
#include "base/worker_pool.h"

#include <atomic>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace tutti::server {

class EncodedFolder : public app::EncodedFiles {
 public:
  struct Pools {
    WorkerPool& files;       // reads
    WorkerPool& media;       // encodes for those who wait
    WorkerPool& background;  // encodes ahead of need
  };

  // `folder` is made when it is needed. All outlive this.
  EncodedFolder(std::string folder, Pools pools, app::MediaFiles& files, boost::asio::any_io_executor control)
      : folder_(std::move(folder)), pools_(pools), files_(files), control_(std::move(control)) {}

  std::vector<Stored> list() override;
  void open(const std::string& name, Opened done) override;
  void remove(const std::string& name) override;
  app::Mp3Source encode(const Segment& track, const Encoding& encoding, const std::string& name, bool urgent,
                        Ended ended) override;

 private:
  std::string path_of(const std::string& name) const { return folder_ + "/" + name + ".mp3"; }

  std::string folder_;
  Pools pools_;
  app::MediaFiles& files_;
  boost::asio::any_io_executor control_;
};

}  // namespace tutti::server
