#include "player/device_stream.h"

#include <algorithm>
#include <chrono>
#include <pa_linux_alsa.h>
#include <portaudio.h>
#include <string>

namespace tutti::player {
namespace {

PaSampleFormat portaudio_format(SampleFormat sample) {
  switch (sample) {
    case SampleFormat::u8:
      return paUInt8;
    case SampleFormat::s16:
      return paInt16;
    case SampleFormat::s24:
      return paInt24;
    case SampleFormat::s32:
      return paInt32;
    case SampleFormat::f32:
      break;
  }
  return paFloat32;
}

template <class Clock>
Micros now() {
  return Clock::now().time_since_epoch();
}

// PortAudio's times are of the clock that its backend likes; what counts is how far ahead of its own "now" it
// says that the sound is heard. Where its "now" can be found on a clock that we know, the time since then is
// not lost either. Reading clocks is no system call.
Micros heard_at(const PaStreamCallbackTimeInfo& info) {
  constexpr Micros kRecent{1'000'000};
  const Micros monotonic = now<std::chrono::steady_clock>();
  const Micros calendar = now<std::chrono::system_clock>();
  const Micros theirs(info.currentTime * 1e6);
  const Micros ahead(std::max(0.0, (info.outputBufferDacTime - info.currentTime) * 1e6));
  for (const Micros ours : {monotonic, calendar}) {
    const Micros since = ours - theirs;
    if (info.currentTime > 0 && since >= Micros(-1000) && since < kRecent) return monotonic - since + ahead;
  }
  return monotonic + ahead;
}

}  // namespace

struct DeviceStream::Callback {
  DeviceSource* source;
  std::size_t frame_bytes;

  static int render(const void*, void* out, unsigned long frames, const PaStreamCallbackTimeInfo* info,
                    PaStreamCallbackFlags flags, void* user) noexcept {
    const auto& self = *static_cast<const Callback*>(user);
    self.source->render({static_cast<std::uint8_t*>(out), frames * self.frame_bytes},
                        {heard_at(*info), (flags & paOutputUnderflow) != 0});
    return paContinue;
  }
};

DeviceStream::DeviceStream() : callback_(std::make_unique<Callback>()) {}

Result<std::unique_ptr<DeviceStream>> DeviceStream::open(const AudioDevice& device, const PcmFormat& format,
                                                         double latency, DeviceSource& source) {
  std::unique_ptr<DeviceStream> stream(new DeviceStream());
  *stream->callback_ = {&source, frame_bytes(format)};
  PaStreamParameters parameters{};
  parameters.device = device.index;
  parameters.channelCount = format.channels;
  parameters.sampleFormat = portaudio_format(sample_of(format));
  parameters.suggestedLatency = latency;
  const QuietStandardError quiet;
  // paClipOff, paDitherOff: integer samples pass as they are.
  PaError error =
      Pa_OpenStream(&stream->handle_, nullptr, &parameters, format.rate, paFramesPerBufferUnspecified,
                    paClipOff | paDitherOff, &Callback::render, stream->callback_.get());
  if (error == paNoError) {
    // Where the system allows it; where it does not, or the device is none of ALSA's, nothing is lost.
    static_cast<void>(PaAlsa_EnableRealtimeScheduling(stream->handle_, 1));
    error = Pa_StartStream(stream->handle_);
  }
  if (error == paNoError) return stream;
  return fail("the audio device '" + device.name + "' does not play " + describe(format) + ": " +
              Pa_GetErrorText(error) + "; name another one by --output");
}

DeviceStream::~DeviceStream() {
  if (handle_) Pa_CloseStream(handle_);
}

bool DeviceStream::is_active() const { return Pa_IsStreamActive(handle_) == 1; }
void DeviceStream::stop() { Pa_StopStream(handle_); }
void DeviceStream::abort() { Pa_AbortStream(handle_); }

}  // namespace tutti::player
