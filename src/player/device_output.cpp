#include "player/device_output.h"

#include <cstdint>
#include <portaudio.h>
#include <utility>

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

struct Callback {
  Playout* playout;
  std::size_t frame_bytes;
};

}  // namespace

struct DeviceOutput::Stream {
  Callback callback;
  PaStream* handle = nullptr;

  static int render(const void*, void* out, unsigned long frames, const PaStreamCallbackTimeInfo*,
                    PaStreamCallbackFlags, void* user) noexcept {
    const auto& self = *static_cast<const Callback*>(user);
    self.playout->render({static_cast<std::uint8_t*>(out), frames * self.frame_bytes});
    return paContinue;
  }
  ~Stream() {
    if (handle) Pa_CloseStream(handle);
  }
};

DeviceOutput::DeviceOutput(std::shared_ptr<PortAudio> library, AudioDevice device, Duration prebuffer)
    : library_(std::move(library)), device_(std::move(device)), prebuffer_(prebuffer) {}
DeviceOutput::~DeviceOutput() = default;

Result<std::unique_ptr<Output>> DeviceOutput::make(const std::string& wanted, Duration prebuffer) {
  auto library = PortAudio::start();
  if (!library) return tl::make_unexpected(library.error());
  auto device = find_device(output_devices(), wanted);
  if (!device) return tl::make_unexpected(device.error());
  return std::unique_ptr<Output>(new DeviceOutput(std::move(*library), std::move(*device), prebuffer));
}

Result<void> DeviceOutput::open(const PcmFormat& format) {
  stream_.reset();
  playout_.emplace(format, prebuffer_);
  auto stream = std::make_unique<Stream>();
  stream->callback = {&*playout_, frame_bytes(format)};
  PaStreamParameters parameters{};
  parameters.device = device_.index;
  parameters.channelCount = format.channels;
  parameters.sampleFormat = portaudio_format(sample_of(format));
  parameters.suggestedLatency = device_.latency;
  PaError error = paNoError;
  {
    const QuietStandardError quiet;
    // paClipOff, paDitherOff: integer samples pass as they are.
    error = Pa_OpenStream(&stream->handle, nullptr, &parameters, format.rate, paFramesPerBufferUnspecified,
                          paClipOff | paDitherOff, &Stream::render, &stream->callback);
    if (error == paNoError) error = Pa_StartStream(stream->handle);
  }
  if (error != paNoError) {
    return fail("the audio device '" + device_.name + "' does not play " + describe(format) + ": " +
                Pa_GetErrorText(error) + "; name another one by --output");
  }
  stream_ = std::move(stream);
  return {};
}

Result<std::size_t> DeviceOutput::write(std::span<const std::uint8_t> frames) {
  const std::size_t taken = playout_->write(frames);
  if (taken == 0 && Pa_IsStreamActive(stream_->handle) != 1) {
    return fail("the audio device '" + device_.name + "' has stopped; is it still connected?");
  }
  return taken;
}

bool DeviceOutput::drained() const {
  // A device that has gone will never ask for the rest.
  return playout_->drained() || Pa_IsStreamActive(stream_->handle) != 1;
}

Result<void> DeviceOutput::close() {
  if (!stream_) return {};
  // Stopping waits until the device has played what it holds.
  if (playout_->drained()) {
    Pa_StopStream(stream_->handle);
  } else {
    Pa_AbortStream(stream_->handle);
  }
  stream_.reset();
  return {};
}

}  // namespace tutti::player
