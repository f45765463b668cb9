// Opens MP3 files for individual stations: finds where their music begins. On the file pool.
#pragma once

#include "app/mp3_files.h"
#include "base/worker_pool.h"

#include <boost/asio/any_io_executor.hpp>

namespace tutti::server {

class PooledMp3Files : public app::Mp3Files {
 public:
  // All outlive this.
  PooledMp3Files(WorkerPool& pool, app::MediaFiles& files, boost::asio::any_io_executor control)
      : pool_(pool), files_(files), control_(std::move(control)) {}

  void open_mp3(const FileStamp& file, Opened done) override;

 private:
  WorkerPool& pool_;
  app::MediaFiles& files_;
  boost::asio::any_io_executor control_;
};

}  // namespace tutti::server
