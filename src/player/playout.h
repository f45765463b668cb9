// The way of samples from the thread that brings them to the audio thread that needs them, on time or as
// silence. render() is real time: it takes no lock and no memory, logs nothing and calls no system.
#pragma once

#include "base/spsc_ring.h"
#include "base/time.h"
#include "domain/audio_time.h"
#include "player/output.h"
#include "player/sample_format.h"

#include <atomic>
#include <cstdint>
#include <span>

namespace tutti::player {

class Playout {
 public:
  // Sound begins when `prebuffer` is there or the end is known, and again so after it ran out.
  Playout(const PcmFormat& format, Duration prebuffer);

  // The bringing thread. Bytes of whole frames that there was room for.
  std::size_t write(std::span<const std::uint8_t> frames);
  void end() { ended_ = true; }

  // The audio thread. `out`: whole frames.
  void render(std::span<std::uint8_t> out);

  // Any thread.
  bool drained() const { return ended_ && ring_.size() == 0; }
  OutputStatus status() const;

 private:
  const std::size_t frame_bytes_;
  const std::size_t prebuffer_bytes_;
  const std::uint8_t silence_;
  SpscRing<std::uint8_t> ring_;
  std::atomic<bool> ended_{false};
  bool running_ = false;  // of the audio thread
  std::atomic<std::int64_t> played_{0};
  std::atomic<std::int64_t> dropouts_{0};
};

}  // namespace tutti::player
