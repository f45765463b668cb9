#include "app/broadcast.h"

#include <utility>

namespace tutti::app {

std::size_t Broadcast::listeners() const {
  std::size_t sum = 0;
  for (const auto& [thread, listeners] : audience_) sum += listeners;
  return sum;
}

void Broadcast::start(ProducerFactory& factory, const Encoding& encoding, FrameClock clock, ServerTime first,
                      Producer::Events events) {
  producer_ = factory.start(encoding, clock, first, std::move(events));
  busy_ = false;
}

void Broadcast::stop() {
  producer_.reset();
  busy_ = false;
  ring_ = PacketRing(buffer_size_);
  idle_since_.reset();
}

void Broadcast::produce(std::vector<Segment> segments, Frames until) {
  busy_ = true;
  producer_->produce(std::move(segments), until);
}

void Broadcast::on_packets(std::vector<PacketPtr> packets, Audience& audience) {
  for (const auto& packet : packets) ring_.push(packet);
  for (const auto& [thread, listeners] : audience_) audience.deliver(thread, id_, packets);
}

void Broadcast::join(std::size_t io_thread, Audience& audience) {
  idle_since_.reset();
  if (!audience_.try_emplace(io_thread, 0).second) return;
  if (!ring_.empty()) audience.deliver(io_thread, id_, {ring_.begin(), ring_.end()});
}

void Broadcast::leave(std::size_t io_thread, ServerTime now) {
  audience_.erase(io_thread);
  if (audience_.empty()) idle_since_ = now;
}

void Broadcast::count(std::size_t io_thread, std::size_t listeners) {
  const auto found = audience_.find(io_thread);
  if (found != audience_.end()) found->second = listeners;
}

}  // namespace tutti::app
