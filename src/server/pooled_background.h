// Puts a worker pool behind app's port: the work runs there, what comes of it on the control thread.
#pragma once

#include "app/background.h"
#include "base/worker_pool.h"

#include <atomic>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace tutti::server {

class PooledBackground : public app::Background {
 public:
  // More than `most` jobs, those under way counted, are turned away.
  PooledBackground(std::string name, unsigned threads, std::size_t most, boost::asio::any_io_executor control)
      : control_(std::move(control)), most_(most), pool_(std::move(name), threads) {}

  bool run(std::function<Then()> work) override;
  // Drops what waits; afterwards nothing runs any more.
  void stop() { pool_.stop(); }

 private:
  boost::asio::any_io_executor control_;
  std::size_t most_;
  std::atomic<std::size_t> jobs_{0};
  WorkerPool pool_;
};

}  // namespace tutti::server
