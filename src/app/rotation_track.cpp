#include "app/rotation_track.h"

#include "domain/audio_time.h"

#include <chrono>

namespace tutti::app {

std::optional<RotationTrack> rotation_track(const Track& track, int rate) {
  constexpr Duration kShortest = std::chrono::milliseconds(100);
  const Frames length = rescale(track.frames, track.rate, rate);
  if (length < frames_in(kShortest, rate)) return std::nullopt;
  return RotationTrack{track.id, length};
}

}  // namespace tutti::app
