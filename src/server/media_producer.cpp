#include "server/media_producer.h"

#include "base/log.h"
#include "media/chunk_producer.h"
#include "media/station_producer.h"

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

namespace tutti::server {
namespace {

namespace asio = boost::asio;
using app::Producer;

using Output = std::function<void(PacketPtr)>;
using Failed = std::function<void(const Segment&, const Error&)>;
using Produce = std::function<void(std::span<const Segment>, Frames, const Output&, const Failed&)>;
using Start = std::function<Result<Produce>()>;

// Shared by the port's object on the control thread and the job on the pool, whichever lives longer.
struct Work {
  Start start;
  Produce produce;  // the pool's, one job at a time; empty until the first
  std::atomic<bool> cancelled{false};
};

class PooledProducer : public Producer {
 public:
  PooledProducer(WorkerPool& pool, asio::any_io_executor control, Start start, Events events)
      : pool_(pool), control_(std::move(control)), events_(std::make_shared<Events>(std::move(events))) {
    work_->start = std::move(start);
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
    if (!work.produce) {
      auto started = work.start();
      if (!started) {
        // Without an encoder nothing will ever come; the order stays open, so that it is not given again and
        // again.
        log::error("audio cannot be encoded: {}", started.error().message);
        return;
      }
      work.produce = std::move(*started);
    }
    work.produce(
        segments, until,
        [&](PacketPtr packet) {
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

Start start_mp3(media::StationProducer::Settings settings) {
  return [settings = std::move(settings)]() -> Result<Produce> {
    auto started = media::StationProducer::start(settings);
    if (!started) return tl::make_unexpected(started.error());
    return [producer = std::make_shared<media::StationProducer>(std::move(*started))](
               std::span<const Segment> segments, Frames until, const Output& out, const Failed& failed) {
      producer->produce(
          segments, until, [&out](std::size_t, PacketPtr packet) { out(std::move(packet)); }, failed);
    };
  };
}

Start start_chunks(const media::ChunkProducer::Settings& settings) {
  return [settings]() -> Result<Produce> {
    auto started = media::ChunkProducer::start(settings);
    if (!started) return tl::make_unexpected(started.error());
    return [producer = std::make_shared<media::ChunkProducer>(std::move(*started))](
               std::span<const Segment> segments, Frames until, const Output& out, const Failed& failed) {
      producer->produce(segments, until, out, failed);
    };
  };
}

}  // namespace

std::unique_ptr<Producer> MediaProducers::start(const Encoding& encoding, FrameClock clock, ServerTime first,
                                                Producer::Events events) {
  auto work = encoding.codec == Encoding::Codec::mp3
                  ? start_mp3({{encoding}, clock.epoch, clock.frame_at(first), preload_tracks_})
                  : start_chunks({encoding, clock, first, preload_tracks_});
  return std::make_unique<PooledProducer>(pool_, control_, std::move(work), std::move(events));
}

}  // namespace tutti::server
