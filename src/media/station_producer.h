// A station's audio: decodes the segments of its programme, joins them without a gap, encodes, and cuts the
// result into packets. Exists only while somebody listens. Runs on a media pool thread, one call at a time.
#pragma once

#include "base/result.h"
#include "domain/encoding.h"
#include "domain/packet.h"
#include "domain/segment.h"

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace tutti::media {

class StationProducer {
 public:
  struct Settings {
    std::vector<Encoding> encodings;  // all at one sample rate; the PCM is made once for all of them
    ServerTime epoch;                 // when station frame 0 is on air (may lie before the server's start)
    Frames first = 0;        // the first frame wanted; encoders are warmed up on what lies just before it
    int preload_tracks = 2;  // how many coming segments are opened, and their beginning decoded, ahead
  };
  // `encoding` is an index into Settings::encodings. Packets of one encoding come in order and without a gap
  // in time; about 200 ms long; a new one begins with the first codec frame that holds a sample of a new
  // segment, and carries its title.
  using Output = std::function<void(std::size_t encoding, PacketPtr packet)>;
  // A segment's file could not be opened or decoded; silence takes its place. Told once per segment, up to
  // some seconds before it is on air (when it is opened ahead).
  using Failed = std::function<void(const Segment& segment, const Error& why)>;

  static Result<StationProducer> start(Settings settings);
  StationProducer(StationProducer&&) noexcept;
  StationProducer& operator=(StationProducer&&) noexcept;
  ~StationProducer();

  // Makes audio up to station frame `until` (no further than about one codec frame beyond it). `segments` are
  // the committed ones from the current position on, consecutive; a gap between them or after the last is
  // silence. Segments that have begun never change between calls; later ones may. Each packet is handed out
  // as soon as it exists.
  void produce(std::span<const Segment> segments, Frames until, const Output& out, const Failed& failed);

 private:
  struct State;
  explicit StationProducer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tutti::media
