// A station's programme as one endless run of PCM at the station's rate: opens the tracks ahead of time,
// joins them without a gap, fills what is missing with silence. Used by one StationProducer, on its thread.
#pragma once

#include "base/result.h"
#include "domain/segment.h"
#include "media/resampler.h"
#include "media/track_reader.h"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace tutti::media {

class ProgrammeReader {
 public:
  using Failed = std::function<void(const Segment& segment, const Error& why)>;
  struct Piece {
    Frames frames = 0;
    const Segment* segment = nullptr;  // one of those given to read(); null in silence between them
  };

  // The first read() begins at station frame `first`. `lengths`: whether a track at the station's rate is as
  // long as its segment, or that was counted at another rate and may be off by some frames.
  ProgrammeReader(PcmShape station, Frames first, int preload_tracks,
                  TrackReader::Lengths lengths = TrackReader::Lengths::exact)
      : station_(station),
        lengths_(lengths),
        first_(first),
        position_(first),
        preload_tracks_(preload_tracks) {}

  Frames position() const { return position_; }  // of the next frame read
  // Fills `out` from the front, all of it or as far as the segment (or the silence) on air reaches.
  Piece read(std::span<const Segment> segments, std::span<float> out, const Failed& failed);

 private:
  // A segment with its open file; no reader where that failed, which has been told then.
  struct Opened {
    Segment segment;
    std::optional<TrackReader> reader;
  };

  void preload(std::span<const Segment> coming, const Failed& failed);
  Opened open(const Segment& segment, Frames offset, const Failed& failed);
  Opened take_or_open(const Segment& segment, const Failed& failed);
  void shorten(const Segment& segment);
  void put_on_air(const Segment& segment, const Failed& failed);
  void fill(std::span<float> out, const Segment* next, const Failed& failed);
  bool feed(const Segment* next, const Failed& failed);
  bool join(const Segment* next, const Failed& failed);
  void give_up(const Error& why, const Failed& failed);

  PcmShape station_;
  TrackReader::Lengths lengths_;
  Frames first_;
  Frames position_;
  int preload_tracks_;
  std::vector<Opened> preloaded_;

  // One run of the resampler: from its start at a cut to the next cut, over any number of joins.
  std::optional<Segment> on_air_;
  std::optional<Opened> feeding_;  // the segment on air or, near its end, the one joined to it
  std::optional<Resampler> resampler_;
  bool finished_ = false;  // nothing is left to feed in this run
  Frames lead_ = 0;        // station frames still to be thrown away
  Frames fed_ = 0;         // file frames in
  Frames taken_ = 0;       // station frames out
  std::vector<float> chunk_;
};

}  // namespace tutti::media
