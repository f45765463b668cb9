// Puts media's station producers behind app's port: the work runs on the media pool, its events come back on
// the control thread.
#pragma once

#include "app/producer.h"
#include "base/worker_pool.h"

#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace tutti::server {

class MediaProducers : public app::ProducerFactory {
 public:
  // `pool` and `control` outlive the producers.
  MediaProducers(WorkerPool& pool, boost::asio::any_io_executor control, int preload_tracks)
      : pool_(pool), control_(std::move(control)), preload_tracks_(preload_tracks) {}

  std::unique_ptr<app::Producer> start(const Encoding& encoding, FrameClock clock, ServerTime first,
                                       app::Producer::Events events) override;

 private:
  WorkerPool& pool_;
  boost::asio::any_io_executor control_;
  int preload_tracks_;
};

}  // namespace tutti::server
