// Makes a walk's assets on the scan pool, in steps of ten seconds of audio, and keeps them in a folder of
// their own: a file is encoded once for each of its versions.
#pragma once

#include "app/walk_assets.h"
#include "base/worker_pool.h"

#include <atomic>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace tutti::server {

class WalkMaker : public app::AssetMaker {
 public:
  // `folder` is made when it is needed. All outlive this.
  WalkMaker(std::string folder, WorkerPool& pool, app::MediaFiles& files,
            boost::asio::any_io_executor control)
      : folder_(std::move(folder)), pool_(pool), files_(files), control_(std::move(control)) {}

  void make(const Track& source, Done done) override;
  Frames length(const Track& source) const override;

 private:
  std::string folder_;
  WorkerPool& pool_;
  app::MediaFiles& files_;
  boost::asio::any_io_executor control_;
};

}  // namespace tutti::server
