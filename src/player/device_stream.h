// A running stream of PortAudio: asks for its sound from a real-time thread of the system.
#pragma once

#include "player/clock_line.h"
#include "player/portaudio.h"
#include "player/sample_format.h"

#include <cstdint>
#include <memory>
#include <span>

namespace tutti::player {

// What a device says of the frames that it asks for.
struct DeviceMoment {
  Micros heard{0};         // when the first of them is, on this machine's monotonic clock
  bool after_gap = false;  // the device ran dry before them
};

// Real time: may take no lock and no memory, and calls no system.
class DeviceSource {
 public:
  virtual ~DeviceSource() = default;
  // `out`: whole frames, of which each byte is to be written.
  virtual void render(std::span<std::uint8_t> out, const DeviceMoment& moment) noexcept = 0;
};

class DeviceStream {
 public:
  // `latency`: seconds that the device's buffers are to hold. `source` is asked until this is gone. Error: it
  // does not play such sound.
  static Result<std::unique_ptr<DeviceStream>> open(const AudioDevice& device, const PcmFormat& format,
                                                    double latency, DeviceSource& source);
  ~DeviceStream();

  // False: the device has gone.
  bool is_active() const;
  // Waits until what it holds has been played.
  void stop();
  // Does not.
  void abort();

 private:
  struct Callback;

  DeviceStream();

  std::unique_ptr<Callback> callback_;
  void* handle_ = nullptr;  // PaStream
};

}  // namespace tutti::player
