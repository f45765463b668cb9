#include "server/media_producer.h"

#include "base/log.h"
#include "media/station_producer.h"

#include <atomic>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::server {
namespace {

namespace asio = boost::asio;
using app::Producer;

// Shared by the port's object on the control thread and the job on the pool, whichever lives longer.
struct Work {
  media::StationProducer::Settings settings;
  std::optional<media::StationProducer> producer;  // the pool's, one job at a time
  std::atomic<bool> cancelled{false};
};

class PooledProducer : public Producer {
 public:
  PooledProducer(WorkerPool& pool, asio::any_io_executor control, media::StationProducer::Settings settings,
                 Events events)
      : pool_(pool), control_(std::move(control)), events_(std::make_shared<Events>(std::move(events))) {
    work_->settings = std::move(settings);
  }

  ~PooledProducer() override { work_->cancelled = true; }

  void produce(std::vector<Segment> segments, Frames until) override {
    pool_.post([work = work_, control = control_, events = std::weak_ptr(events_),
                segments = std::move(segments), until] { run(*work, control, events, segments, until); });
  }

 private:
  static void run(Work& work, const asio::any_io_executor& control, const std::weak_ptr<Events>& events,
                  const std::vector<Segment>& segments, Frames until) {
    // The events live on the control thread, so there a lock that succeeds stays good.
    const auto tell = [&](auto what) {
      asio::post(control, [events, what = std::move(what)]() mutable {
        if (const auto alive = events.lock()) what(*alive);
      });
    };
    if (work.cancelled) return;
    if (!work.producer) {
      auto started = media::StationProducer::start(work.settings);
      if (!started) {
        // Without an encoder nothing will ever come; the order stays open, so that it is not given again and
        // again.
        log::error("audio cannot be encoded: {}", started.error().message);
        return;
      }
      work.producer = std::move(*started);
    }
    work.producer->produce(
        segments, until,
        [&](std::size_t, PacketPtr packet) {
          tell([packet = std::move(packet)](Events& alive) mutable { alive.packets({std::move(packet)}); });
        },
        [&](const Segment& segment, const Error& why) {
          tell([segment, why](Events& alive) { alive.failed(segment, why); });
        });
    tell([](Events& alive) { alive.idle(); });
  }

  WorkerPool& pool_;
  asio::any_io_executor control_;
  std::shared_ptr<Events> events_;
  std::shared_ptr<Work> work_ = std::make_shared<Work>();
};

}  // namespace

std::unique_ptr<Producer> MediaProducers::start(const Encoding& encoding, ServerTime epoch, Frames first,
                                                Producer::Events events) {
  return std::make_unique<PooledProducer>(
      pool_, control_, media::StationProducer::Settings{{encoding}, epoch, first, preload_tracks_},
      std::move(events));
}

}  // namespace tutti::server
