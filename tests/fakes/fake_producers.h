// Producers that make packets of one second without any audio, when the test says so; and an audience that
// remembers.
#pragma once

#include "app/audience.h"
#include "app/producer.h"

#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace tutti::fakes {

class FakeProducers : public app::ProducerFactory {
 public:
  struct Order {
    std::vector<Segment> segments;
    Frames until = 0;
  };
  // What one started producer has been told; outlives it.
  struct Log {
    Frames first = 0;  // counted by `own`
    FrameClock own;    // of the encoding's rate
    FrameClock clock;  // of the programme's
    std::vector<Order> orders;
    bool stopped = false;
    app::Producer::Events events;
  };
  std::deque<Log> started;

  std::unique_ptr<app::Producer> start(const Encoding& encoding, FrameClock clock, ServerTime first,
                                       app::Producer::Events events) override {
    const FrameClock own{clock.epoch, encoding.rate};
    started.push_back({own.frame_at(first), own, clock, {}, false, std::move(events)});
    return std::make_unique<FakeProducer>(started.back());
  }

 private:
  class FakeProducer : public app::Producer {
   public:
    explicit FakeProducer(Log& log) : log_(log), at_(log.first) {}
    ~FakeProducer() override { log_.stopped = true; }
    void produce(std::vector<Segment> segments, Frames until) override {
      log_.orders.push_back({std::move(segments), until});
      std::vector<PacketPtr> packets;
      for (; at_ < rescale(until, log_.clock.rate, log_.own.rate); at_ += log_.own.rate) {
        auto packet = std::make_shared<Packet>();
        packet->bytes.resize(16000);
        packet->at = log_.own.time_of(at_);
        packet->duration = std::chrono::seconds(1);
        packet->frames = log_.own.rate;
        packets.push_back(std::move(packet));
      }
      log_.events.packets(std::move(packets));
      log_.events.idle();
    }

   private:
    Log& log_;
    Frames at_;
  };
};

class FakeAudience : public app::Audience {
 public:
  std::map<std::size_t, std::vector<PacketPtr>> received;  // by I/O thread

  void deliver(std::size_t io_thread, app::BroadcastId, std::vector<PacketPtr> packets) override {
    auto& all = received[io_thread];
    all.insert(all.end(), packets.begin(), packets.end());
  }
};

}  // namespace tutti::fakes
