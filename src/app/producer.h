// Port: what turns a station's programme into packets. Implemented over media/ by the server's wiring; runs
// elsewhere and answers on the control thread.
#pragma once

#include "base/result.h"
#include "domain/encoding.h"
#include "domain/packet.h"
#include "domain/segment.h"

#include <functional>
#include <memory>
#include <vector>

namespace tutti::app {

class Producer {
 public:
  struct Events {
    std::function<void(std::vector<PacketPtr>)> packets;  // in order, without a gap
    std::function<void(Segment, Error)> failed;           // the segment's file cannot be played
    std::function<void()> idle;                           // the order is carried out
  };

  virtual ~Producer() = default;  // no event comes after this

  // Makes audio up to frame `until` of the programme's clock. `segments`: the committed programme from the
  // current position on. Not called again before `idle`.
  virtual void produce(std::vector<Segment> segments, Frames until) = 0;
};

class ProducerFactory {
 public:
  virtual ~ProducerFactory() = default;

  // `clock`: what the segments and `until` are counted by; the encoding's rate may be another. The first
  // packet begins with the frame that is on air at `first`; that of MP3 holds it.
  virtual std::unique_ptr<Producer> start(const Encoding& encoding, FrameClock clock, ServerTime first,
                                          Producer::Events events) = 0;
};

}  // namespace tutti::app
