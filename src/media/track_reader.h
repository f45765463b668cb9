// One segment's file as PCM at the file's own rate, from where the station stands in it and no longer than
// the segment.
#pragma once

#include "base/result.h"
#include "domain/segment.h"
#include "media/decoder.h"
#include "media/resampler.h"

#include <span>
#include <vector>

namespace tutti::media {

class TrackReader {
 public:
  // How far the segment's length is that of a file at the station's rate. `rounded`: give or take some
  // frames, as it was counted at another rate.
  enum class Lengths { exact, rounded };
  // `offset`: station frames into the segment.
  static Result<TrackReader> open(const Segment& segment, Frames offset, int station_rate, Lengths lengths);

  PcmShape shape() const { return {decoder_.rate(), decoder_.channels()}; }
  // Station frames by which this begins before `offset`: on them the resampler warms up, and only from there
  // on is the n-th station frame a whole number of file frames.
  Frames lead() const { return lead_; }
  // Decodes the beginning now, so that the first read costs nothing.
  Result<void> preload();
  // Up to out.size()/channels frames; 0 at the end.
  Result<Frames> read(std::span<float> out);
  // At the end: whether the file was as long as its segment, give or take the rounding to station frames.
  bool fits() const;

 private:
  TrackReader(Decoder decoder, Frames length, Frames begin, Frames lead)
      : decoder_(std::move(decoder)), length_(length), position_(begin), lead_(lead) {}

  Decoder decoder_;
  Frames length_;    // of the segment, in file frames
  Frames position_;  // of the next frame read, in the file
  Frames lead_;
  std::vector<float> preloaded_;  // from `used_` on
  std::size_t used_ = 0;
};

}  // namespace tutti::media
