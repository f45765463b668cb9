// A programme in one encoding for players in sync: decodes its segments, joins them without a gap, encodes
// them in chunks of one length. Exists only while somebody wants it. Runs on a media pool thread, one call at
// a time.
//
// It reads the files itself, at its encoding's own rate, rather than resampling what a station's MP3 is made
// of: so a player whose format is the file's gets the file's samples, and may be half a minute ahead of the
// others.
#pragma once

#include "base/result.h"
#include "domain/encoding.h"
#include "domain/packet.h"
#include "domain/segment.h"

#include <functional>
#include <memory>
#include <span>

namespace tutti::media {

class ChunkProducer {
 public:
  struct Settings {
    Encoding encoding;  // as player_encoding() or visualizer_encoding() gives it
    FrameClock clock;   // of the programme; its epoch may lie before the server's start
    ServerTime first;   // the first packet begins with the frame that is on air then
    int preload_tracks = 2;
  };
  // Packets come in order and without a gap; each is chunk_frames(encoding) long.
  using Output = std::function<void(PacketPtr packet)>;
  // As StationProducer::Failed.
  using Failed = std::function<void(const Segment& segment, const Error& why)>;

  static Result<ChunkProducer> start(const Settings& settings);
  ChunkProducer(ChunkProducer&&) noexcept;
  ChunkProducer& operator=(ChunkProducer&&) noexcept;
  ~ChunkProducer();

  // Makes audio at least up to frame `until` of the programme's clock, and less than a chunk beyond it.
  // `segments`: as of StationProducer::produce.
  void produce(std::span<const Segment> segments, Frames until, const Output& out, const Failed& failed);

 private:
  struct State;
  explicit ChunkProducer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tutti::media
